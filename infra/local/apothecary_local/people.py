"""The people every local stack starts with."""

from datetime import datetime, timezone

from .stack import Stack

PASSWORD = "local-only-apothecary"

# Local part of the address, name, role.
PEOPLE = [
    ("admin", "Asha Admin", "super_admin"),
    ("pharmacist", "Priya Pharmacist", "pharmacy_admin"),
    ("pharmacist2", "Peter Pharmacist", "pharmacy_admin"),
    ("doctor", "Dora Doctor", "doctor"),
    ("seller", "Sam Seller", "seller"),
    ("customer", "Carla Customer", "customer"),
    ("customer2", "Chandra Customer", "customer"),
]


def seed(stack: Stack) -> None:
    """Creates the people who are not there yet, with their password, role and profile."""
    cognito = stack.client("cognito-idp")
    dynamodb = stack.client("dynamodb")
    outputs = stack.outputs()
    pool = outputs["UserPoolId"]
    for local_part, name, role in PEOPLE:
        email = address(local_part)
        try:
            cognito.admin_create_user(
                UserPoolId=pool, Username=email, MessageAction="SUPPRESS",
                UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            )
        except cognito.exceptions.UsernameExistsException:
            pass
        cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=role)
        attributes = cognito.admin_get_user(UserPoolId=pool, Username=email)["UserAttributes"]
        sub = next(attribute["Value"] for attribute in attributes if attribute["Name"] == "sub")
        try:
            dynamodb.put_item(
                TableName=outputs["AccountsTable"], Item=profile_item(sub, email, name),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            pass


def address(local_part: str) -> str:
    """The e-mail address of one of the people."""
    return f"{local_part}@apothecary.test"


def profile_item(sub: str, email: str, name: str) -> dict:
    """A person's profile as the accounts area stores it (shared/src/accounts/store.rs)."""
    return {
        "pk": {"S": f"USER#{sub}"},
        "sk": {"S": "PROFILE"},
        "id": {"S": sub},
        "email": {"S": email},
        "phone": {"NULL": True},
        "full_name": {"S": name},
        "date_of_birth": {"NULL": True},
        "sex": {"NULL": True},
        "picture": {"NULL": True},
        "pending_picture": {"NULL": True},
        "retired_pictures": {"L": []},
        "visibility": {"S": "private"},
        "preferences": {"M": {
            "language": {"S": "en"},
            "currency": {"S": "USD"},
            "notifications": {"M": {"email": {"BOOL": True}, "sms": {"BOOL": False}}},
        }},
        "version": {"N": "1"},
        "created_at": {"S": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")},
    }
