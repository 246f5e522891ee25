//! The routes of `infra/api.yaml`, as the access table has them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use shared::identity::access::{ELSEWHERE, ROUTES, Route};

/// What the routes stand between in the template.
const BEGIN: &str = "        paths:\n";
const END: &str = "\nOutputs:\n";

/// Where the template is.
pub fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../api.yaml"))
}

/// The template with the routes of today.
///
/// # Errors
/// It has no place for them.
pub fn render(template: &str) -> Result<String, Vec<String>> {
    let parts = template.split_once(BEGIN).and_then(|(head, rest)| Some((head, rest.split_once(END)?.1)));
    let (head, tail) = parts.ok_or_else(|| vec!["infra/api.yaml has no paths before its outputs".to_owned()])?;
    let mut paths = BTreeMap::<&str, Vec<&Route>>::new();
    for route in ROUTES {
        paths.entry(route.path).or_default().push(route);
    }
    let mut text = format!("{head}{BEGIN}");
    // Sorts after every path of the table.
    let elsewhere = {
        let operations = ELSEWHERE.methods.iter().map(|method| operation(ELSEWHERE.function, method));
        let path = ELSEWHERE.path;
        format!("          \"{path}\":\n{}{}", parameters(path), operations.collect::<String>())
    };
    for (path, mut routes) in paths {
        routes.sort_by_key(|route| route.method);
        let _ = writeln!(text, "          \"{path}\":");
        text.push_str(&parameters(path));
        for route in routes {
            text.push_str(&operation(route.function, route.method));
            if route.head {
                text.push_str(&operation(route.function, "HEAD"));
            }
        }
    }
    text.push_str(&elsewhere);
    Ok(format!("{text}{END}{tail}"))
}

/// API Gateway warns of a variable of the path that is not declared, and a warning ends the deployment.
fn parameters(path: &str) -> String {
    let names: Vec<_> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
    if names.is_empty() {
        return String::new();
    }
    let one = |name| format!("              - {{name: {name}, in: path, required: true, schema: {{type: string}}}}\n");
    names.into_iter().map(one).fold("            parameters:\n".to_owned(), |text, line| text + &line)
}

fn operation(function: &str, method: &str) -> String {
    format!(
        "            {method}:
              responses: {{default: {{description: {function}}}}}
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                payloadFormatVersion: \"2.0\"
                credentials: !GetAtt InvokeFunctions.Arn
                uri: !Sub ${{FunctionPrefix}}-{function}/invocations\n",
        method = method.to_ascii_lowercase(),
    )
}
