"""The JSON Schema of a receipt."""

from collections.abc import Sequence
from typing import Any

FORMAT = "proffer-consent-receipt/1"

BASES = ("dpv:Consent", "dpv:ExplicitlyExpressedConsent", "dpv:ContractPerformance")
TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
TIME = {"type": "string", "format": "date-time"}
WHOLE = {"type": "integer", "minimum": 1}


def shape(address: str) -> dict[str, Any]:
    """The schema, served at `address`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": FORMAT,
        **_object(
            {
                "@context": {"type": "object", "additionalProperties": TEXT},
                "@type": {"const": "dpv:ConsentReceipt"},
                "@id": {"type": "string", "format": "uri"},
                "schema_version": {"const": FORMAT},
                "schema": {"type": "string", "format": "uri"},
                "made_at": TIME | {"description": "When this copy was made; not part of the fingerprint."},
                "record": _object(
                    {
                        "@type": {"const": "dpv:ConsentRecord"},
                        "record_id": TEXT | {"description": "The entry's number in the ledger."},
                        "pii_principal_id": {
                            "type": "string",
                            "pattern": "^urn:uuid:[0-9a-f-]{36}$",
                            "description": "The random name the ledger has for the person.",
                        },
                        "pii_processing": _processing(),
                        "party_identification": {"type": "array", "minItems": 1, "items": _party()},
                        "events": {"type": "array", "minItems": 1, "maxItems": 1, "items": _event()},
                    }
                ),
                "fingerprint": _object(
                    {
                        "algorithm": {"const": "SHA-256"},
                        "value": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                        "over": _statement(),
                    }
                ),
            }
        ),
    }


def _object(properties: dict[str, Any], optional: Sequence[str] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _words() -> dict[str, Any]:
    names = ("language", "title", "sentence", "benefit", "details")
    return {"version": WHOLE, **dict.fromkeys(names, TEXT)}


def _item() -> dict[str, Any]:
    return _object(
        {
            "@type": {"enum": ["dpv:PersonalData", "dpv:SensitivePersonalData"]},
            "pii_attribute_id": TEXT,
            "pii_type": TEXT,
        }
    )


def _processing() -> dict[str, Any]:
    notice = {"@type": {"const": "dpv:ConsentNotice"}, "was_shown": FLAG, "published_at": TIME, **_words()}
    return _object(
        {
            "privacy_notice": _or_null(_object(notice)),
            "purpose": _or_null(TEXT),
            "lawful_basis": {
                "enum": ["dpv:Consent", "dpv:ExplicitlyExpressedConsent", "dpv:ContractPerformance", None]
            },
            "shared_with_third_parties": FLAG,
            "pii_information": {"type": "array", "items": _item(), "description": "What the use reached then."},
            "concerned_item": _or_null(_item()),
            "withdrawal_method": {"type": "string", "format": "uri"},
        }
    )


def _party() -> dict[str, Any]:
    return _object(
        {
            "@type": {"const": "dpv:DataController"},
            "party_role": {"const": "pii_controller"},
            "party_name": TEXT,
            "party_email": _or_null(TEXT),
            "party_url": {"type": "string", "format": "uri"},
        }
    )


def _event() -> dict[str, Any]:
    return _object(
        {
            "event_type": TEXT,
            "event_state": {"anyOf": [{"type": "string", "pattern": "^dpv:"}, {"type": "null"}]},
            "event_time": TIME,
            "source": TEXT,
        }
    )


def _statement() -> dict[str, Any]:
    return _object(
        {
            "entry": WHOLE,
            "subject": {"type": "string", "format": "uuid"},
            "event": TEXT,
            "at": TIME,
            "source": TEXT,
            "purpose": TEXT,
            "item": TEXT,
            "notice": _or_null(_object(_words())),
            "covers": {"type": "array", "items": TEXT},
        }
    )
