"""How each service says that it failed, and that it is asked too much: status, content type, code and body as it writes them."""

import json
from dataclasses import dataclass

_JSON_10, _JSON_11, _JSON, _XML = ("application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/json",
                                   "application/xml")


@dataclass(frozen=True)
class Words:
    """What a service says."""

    # `coded`: the code in the body, with a namespace; `headed`: in a header; `xml`, `s3`: in XML; else the name of a provider.
    form: str
    content_type: str
    failed: tuple[int, str]
    throttled: tuple[int, str]
    namespace: str = ""


WORDS = {
    "dynamodb": Words("coded", _JSON_10, (500, "InternalServerError"), (400, "ProvisionedThroughputExceededException"),
                      "com.amazonaws.dynamodb.v20120810#"),
    "cognito-idp": Words("coded", _JSON_11, (500, "InternalErrorException"), (400, "TooManyRequestsException")),
    "kms": Words("coded", _JSON_11, (500, "KMSInternalException"), (400, "ThrottlingException")),
    "secretsmanager": Words("coded", _JSON_11, (500, "InternalServiceError"), (400, "ThrottlingException")),
    "sqs": Words("coded", _JSON_10, (500, "InternalFailure"), (400, "RequestThrottled"), "com.amazonaws.sqs#"),
    "events": Words("coded", _JSON_11, (500, "InternalException"), (400, "ThrottlingException")),
    "textract": Words("coded", _JSON_11, (500, "InternalServerError"), (400, "ProvisionedThroughputExceededException")),
    "ses": Words("headed", _JSON, (500, "InternalServiceErrorException"), (429, "TooManyRequestsException")),
    "bedrock": Words("headed", _JSON, (500, "InternalServerException"), (429, "ThrottlingException")),
    "lambda": Words("headed", _JSON, (500, "ServiceException"), (429, "TooManyRequestsException")),
    "execute-api": Words("headed", _JSON, (500, "InternalServerErrorException"), (429, "LimitExceededException")),
    "sns": Words("xml", "text/xml", (500, "InternalError"), (400, "Throttling")),
    "sts": Words("xml", "text/xml", (500, "InternalFailure"), (400, "Throttling")),
    "s3": Words("s3", _XML, (500, "InternalError"), (503, "SlowDown")),
    "stripe": Words("stripe", _JSON, (500, "api_error"), (429, "rate_limit")),
    "paypal": Words("paypal", _JSON, (500, "INTERNAL_SERVER_ERROR"), (429, "RATE_LIMIT_REACHED")),
    "bkash": Words("bkash", _JSON, (500, "503"), (429, "429")),
    "esewa": Words("esewa", _JSON, (500, "0"), (429, "0")),
}
# Of a service that has no words here.
_OTHERS = Words("coded", _JSON_11, (500, "InternalFailure"), (400, "ThrottlingException"))
_REASONS = {400: "Bad Request", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


def refusal(service: str, throttled: bool) -> bytes:
    """A whole answer: the service is asked too much, or has failed."""
    words = WORDS.get(service, _OTHERS)
    status, code = words.throttled if throttled else words.failed
    said = "Rate exceeded" if throttled else "We encountered an internal error. Please try again."
    body = _body(words, code, said).encode()
    head = [f"HTTP/1.1 {status} {_REASONS[status]}", f"content-type: {words.content_type}", f"content-length: {len(body)}",
            "x-amzn-requestid: 00000000-0000-0000-0000-0000000fa017"]
    if words.form == "headed":
        head.append(f"x-amzn-errortype: {code}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _body(words: Words, code: str, said: str) -> str:
    match words.form:
        case "xml":
            return (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{said}</Message></Error>"
                    "<RequestId>fault</RequestId></ErrorResponse>")
        case "s3":
            return (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{said}</Message>'
                    "<RequestId>fault</RequestId></Error>")
        case "headed":
            return json.dumps({"message": said})
        case "stripe":
            kind = code if code == "api_error" else "invalid_request_error"
            return json.dumps({"error": {"type": kind, "code": code, "message": said}})
        case "paypal":
            return json.dumps({"name": code, "message": said, "debug_id": "fault"})
        case "bkash":
            return json.dumps({"statusCode": code, "statusMessage": said})
        case "esewa":
            return json.dumps({"code": int(code), "error_message": said})
        case _:
            return json.dumps({"__type": words.namespace + code, "message": said})
