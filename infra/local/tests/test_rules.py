"""Each rule of infra/cfn_rules breaks once: what cannot fail proves nothing."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from apothecary_local import toolbox

_BROKEN = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Environment: {Type: String}
  OrdersTableArn: {Type: String}
Conditions:
  Local: !Equals [!Ref Environment, local]
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
  Bucket:
    Type: AWS::S3::Bucket
    Condition: Local
  Key:
    Type: AWS::KMS::Key
    Properties: {EnableKeyRotation: true}
  CartGet:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      Handler: bootstrap
      CodeUri: ../../target/lambda/cart-put
      Policies:
        - Statement:
            - {Effect: Allow, Action: ["dynamodb:*"], Resource: !Ref OrdersTableArn}
        - Statement:
            - Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:PutItem]
              Resource: !Ref OrdersTableArn
              Condition: {"ForAllValues:StringLike": {dynamodb:LeadingKeys: ["ORDER#*"]}}
            - Effect: Allow
              Action: [dynamodb:PutItem]
              Resource: !Ref OrdersTableArn
              Condition: {"ForAllValues:StringLike": {dynamodb:LeadingKeys: ["CART#*"]}}
      Events:
        Hourly:
          Type: Schedule
          Properties: {Schedule: rate(1 hour)}
"""


class Rules(unittest.TestCase):
    def test_every_rule_finds_what_it_is_for(self):
        rules = "\n".join(path.read_text() for path in (toolbox.ROOT / "infra/cfn_rules").glob("*.py"))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "template.yaml"
            file.write_text(_BROKEN)
            linted = subprocess.run(
                [toolbox.program("cfn-lint"), "--append-rules", "infra/cfn_rules", "--", str(file)],
                cwd=toolbox.ROOT, env=toolbox.environment(AWS_DEFAULT_REGION="us-east-1"), capture_output=True, text=True)
        found = set(re.findall(r"(?m)^(E90\d\d) ", linted.stdout))
        self.assertEqual(found, set(re.findall(r'id = "(E90\d\d)"', rules)), linted.stdout)
        twice = [line for line in linted.stdout.splitlines() if line.startswith("E9008")]
        self.assertEqual(len(twice), 1)
        self.assertIn("dynamodb:PutItem", twice[0])
