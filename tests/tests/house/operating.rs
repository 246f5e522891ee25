//! What operators rely on: alarms that somebody explains, a CDN that nobody goes past, copies of all there is.

use serde_json::Value;

use crate::Faults;
use crate::house::House;
use crate::template::parse;

/// The templates below infra/, by their paths.
fn templates(house: &House) -> Vec<(String, Value)> {
    let ours = house.below("infra/").filter(|(path, _)| path.ends_with(".yaml") && path.matches('/').count() == 1);
    ours.map(|(path, text)| (path.to_owned(), parse(text))).collect()
}

fn resources<'a>(template: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let all = template["Resources"].as_object().into_iter().flatten();
    all.filter(move |(_, resource)| resource["Type"] == kind)
}

/// Each alarm tells somebody when it begins and when it ends, has a row among the alarms, and a section of the runbook.
pub fn every_alarm_says_what_to_do(house: &House) -> Faults {
    let (rows, runbook) = (house.text("docs/operations.md"), house.text("docs/runbook.md"));
    let mut faults = Faults::new();
    let mut seen = 0;
    for (path, template) in templates(house) {
        for (resource, alarm) in resources(&template, "AWS::CloudWatch::Alarm") {
            seen += 1;
            let properties = &alarm["Properties"];
            let name = properties["AlarmName"]["Fn::Sub"].as_str().unwrap_or_default();
            let Some(name) = name.strip_prefix("${RootStackName}-") else {
                faults.push(format!("{resource} of {path} is not called after its stack"));
                continue;
            };
            if !rows.contains(&format!("| [`$STACK-{name}`](runbook.md#{name}) |")) {
                faults.push(format!("docs/operations.md has no row for the alarm {name}"));
            }
            if !runbook.contains(&format!("\n## {name}\n")) {
                faults.push(format!("docs/runbook.md has no section {name}"));
            }
            for told in ["AlarmActions", "OKActions"] {
                if properties[told].as_array().is_none_or(Vec::is_empty) {
                    faults.push(format!("{name} of {path} has no {told}: nobody hears of it"));
                }
            }
        }
    }
    if seen < 20 {
        faults.push(format!("only {seen} alarms were found"));
    }
    faults
}

/// CloudFront proves itself to the functions, says where requests come from, and keeps nobody's answer for somebody else.
pub fn the_edge_is_closed_to_whoever_goes_past_it(house: &House) -> Faults {
    let edge = parse(house.text("infra/edge.yaml"));
    let mut faults = Faults::new();
    let distribution = &edge["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
    let proof = &distribution["Origins"][0]["OriginCustomHeaders"][0];
    let secret = proof["HeaderValue"]["Fn::Sub"].as_str().unwrap_or_default();
    if proof["HeaderName"] != "X-Origin-Secret" || !secret.starts_with("{{resolve:secretsmanager:${SecretArn}") {
        faults.push("infra/edge.yaml: CloudFront does not prove itself by the secret".to_owned());
    }
    let viewer = edge["Resources"]["Viewer"]["Properties"]["FunctionCode"].as_str().unwrap_or_default();
    if !viewer.contains("request.headers[\"x-viewer-address\"] = {value: event.viewer.ip}") {
        faults.push("infra/edge.yaml: a client could say itself where it comes from".to_owned());
    }
    let key = &edge["Resources"]["Answers"]["Properties"]["CachePolicyConfig"];
    let parts = &key["ParametersInCacheKeyAndForwardedToOrigin"];
    let headers: Vec<_> =
        parts["HeadersConfig"]["Headers"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for header in ["Accept", "Apothecary-Version", "Authorization", "Origin"] {
        if !headers.contains(&header) {
            faults.push(format!("infra/edge.yaml: an answer that depends on {header} is kept for everybody"));
        }
    }
    if parts["EnableAcceptEncodingGzip"] != true || parts["QueryStringsConfig"]["QueryStringBehavior"] != "all" {
        faults.push("infra/edge.yaml: answers that differ are kept as one".to_owned());
    }
    if key["MinTTL"] != 0 || key["DefaultTTL"] != 0 {
        faults.push("infra/edge.yaml: what does not say so is kept as well".to_owned());
    }
    if distribution["DefaultCacheBehavior"]["Compress"] != false {
        faults.push("infra/edge.yaml: CloudFront packs what the functions do not".to_owned());
    }
    faults
}

/// AWS Backup copies every table and every bucket that people's data is in.
pub fn copies_are_made_of_everything_that_is_kept(house: &House) -> Faults {
    let (data, root) = (parse(house.text("infra/data.yaml")), house.text("template.yaml"));
    let backup = root.split_once("TemplateURL: infra/backup.yaml").map_or("", |(_, rest)| rest);
    let backup = backup.split("\nOutputs:").next().unwrap_or_default();
    let tables = resources(&data, "AWS::DynamoDB::Table").map(|(name, _)| name.clone());
    let buckets = ["MediaBucket", "ScansBucket"].map(str::to_owned);
    let missing = tables.chain(buckets).filter(|name| !backup.contains(&format!("Data.Outputs.{name}Arn")));
    missing.map(|name| format!("template.yaml has no copies made of {name}")).collect()
}
