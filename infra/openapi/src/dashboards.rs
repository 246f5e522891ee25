//! Writes infra/dashboards.yaml: a dashboard for each area of functions, out of the folders that there are.

use std::fmt::Write;
use std::path::PathBuf;
use std::{fs, io};

use serde_json::{Value, json};

/// Where the template is.
pub fn path() -> PathBuf {
    root().join("infra/dashboards.yaml")
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

const HEAD: &str = "\
AWSTemplateFormatVersion: \"2010-09-09\"
Description: A dashboard for each area of functions. Written by `cargo run --bin openapi`, out of the folders under functions/.

Parameters:
  RootStackName: {Type: String}
  FunctionLogs:
    Type: String
    Description: The log group of all functions.

Resources:
";

/// The template.
///
/// # Errors
/// The folders cannot be read.
pub fn render() -> io::Result<String> {
    let mut text = HEAD.to_owned();
    for area in folders(&root().join("functions"))? {
        let operations = folders(&root().join("functions").join(&area))?;
        let _ = write!(
            text,
            "  {}:\n    Type: AWS::CloudWatch::Dashboard\n    Properties:\n      DashboardName: !Sub ${{RootStackName}}-{area}\n      DashboardBody: !Sub |\n        {{\"widgets\": [\n",
            resource(&area),
        );
        let widgets: Vec<_> = widgets(&area, &operations).iter().map(|widget| format!("          {widget}")).collect();
        let _ = write!(text, "{}\n        ]}}\n\n", widgets.join(",\n"));
    }
    Ok(text.trim_end().to_owned() + "\n")
}

/// The names of the folders in a folder, in order; those of operations have a manifest, those of areas a template.
fn folders(of: &std::path::Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(of)? {
        let path = entry?.path();
        let is_ours = path.join("Cargo.toml").exists() || path.join("template.yaml").exists();
        names.extend(path.file_name().and_then(|name| name.to_str()).filter(|_| is_ours).map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}

/// `red-flags` as CloudFormation names resources: `RedFlags`.
fn resource(area: &str) -> String {
    area.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

fn widgets(area: &str, operations: &[String]) -> Vec<Value> {
    let lines = |metric: &str, stat: &str| -> Vec<Value> {
        let line = |operation: &String| {
            let function = format!("${{RootStackName}}-{area}-{operation}");
            json!(["AWS/Lambda", metric, "FunctionName", function, {"label": operation, "stat": stat}])
        };
        operations.iter().map(line).collect()
    };
    let figure = |title: &str, (x, y): (u32, u32), metrics: Vec<Value>| {
        json!({"type": "metric", "x": x, "y": y, "width": 12, "height": 7, "properties": {
            "title": title, "region": "${AWS::Region}", "period": 300, "view": "timeSeries", "metrics": metrics}})
    };
    let faults = [lines("Errors", "Sum"), lines("Throttles", "Sum")].concat();
    let query = format!(
        "SOURCE '${{FunctionLogs}}' | filter level = 'ERROR' and `faas.name` like /^{area}-/ | stats count(*) as times, latest(`error.cause`) as cause by `error.fingerprint`, `faas.name`, `error.code` | sort times desc | limit 30"
    );
    let mut widgets = vec![
        figure("Calls", (0, 0), lines("Invocations", "Sum")),
        figure("Crashes, time-outs and throttles", (12, 0), faults),
        figure("Time (ms), 95 of 100", (0, 7), lines("Duration", "p95")),
        figure("Running at once", (12, 7), lines("ConcurrentExecutions", "Maximum")),
        json!({"type": "log", "x": 0, "y": 14, "width": 24, "height": 7, "properties": {
            "title": "Faults by fingerprint", "region": "${AWS::Region}", "view": "table", "query": query}}),
    ];
    // Whether maps keep the order of insertion is up to whoever else is built along; the text must not depend on that.
    widgets.iter_mut().for_each(Value::sort_all_objects);
    widgets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_named_as_resources_are() {
        assert_eq!((resource("catalog"), resource("red-flags")), ("Catalog".to_owned(), "RedFlags".to_owned()));
    }

    #[test]
    fn every_function_is_on_the_dashboard_of_its_area() {
        let text = render().unwrap();
        for function in registry::ENDPOINTS.iter().map(registry::Registered::name) {
            assert!(text.contains(&format!("\"${{RootStackName}}-{function}\"")), "{function}");
        }
    }
}
