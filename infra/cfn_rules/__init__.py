"""House rules for the templates, run by cfn-lint beside its own: `cfn-lint --append-rules infra/cfn_rules …`."""
