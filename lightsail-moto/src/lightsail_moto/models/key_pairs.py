"""Key pairs. Their keys are placeholders: nobody can log in with them."""

from __future__ import annotations

from dataclasses import dataclass

from lightsail_moto.exceptions import InvalidInput, NameTaken, NotFound
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.store import PagedList
from lightsail_moto.models.validation import WireTags, read_tags

DEFAULT_KEY_PAIR = "LightsailDefaultKeyPair"


@dataclass(kw_only=True, eq=False)
class KeyPair(Resource):
    type = "KeyPair"

    @property
    def fingerprint(self) -> str:
        digits = self.arn.rpartition("/")[2].replace("-", "")
        return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))

    def details(self) -> Record:
        return {"fingerprint": self.fingerprint}


class KeyPairBackend(RegionBackend):
    """GetKeyPair(s), CreateKeyPair, ImportKeyPair, DeleteKeyPair.

    Every Region has a default key pair, which no list shows unless it is asked for and no
    request can delete here.
    """

    def get_key_pairs(
        self, page_token: str | None = None, include_default_key_pair: bool = False
    ) -> Record:
        key_pairs = self.store.of_type(KeyPair)
        if include_default_key_pair:
            default = KeyPair(**self.members(KeyPair, DEFAULT_KEY_PAIR))
            key_pairs = PagedList([default, *key_pairs])
        page, next_token = self.page(key_pairs, page_token)
        return self.with_token({"keyPairs": [each.describe() for each in page]}, next_token)

    def get_key_pair(self, key_pair_name: str) -> Record:
        return {"keyPair": self.get(KeyPair, key_pair_name).describe()}

    def create_key_pair(self, key_pair_name: str, tags: WireTags | None = None) -> Record:
        made = self._add(key_pair_name, tags)
        return {
            "keyPair": made.describe(),
            "publicKeyBase64": "ssh-rsa placeholder",
            "privateKeyBase64": "placeholder for a private key",
            "operation": self.done(made, "CreateKeyPair"),
        }

    def import_key_pair(self, key_pair_name: str, public_key_base64: str) -> Record:
        """The public key is neither checked nor kept."""
        made = self._add(key_pair_name, None)
        return {"operation": self.done(made, "ImportKeyPair")}

    def delete_key_pair(
        self, key_pair_name: str, expected_fingerprint: str | None = None
    ) -> Record:
        """Instances that were made with it keep its name."""
        deleted = self.get(KeyPair, key_pair_name)
        if expected_fingerprint not in (None, deleted.fingerprint):
            raise InvalidInput(f"The fingerprint is not that of {key_pair_name}.")
        self.store.remove(deleted)
        return {"operation": self.done(deleted, "DeleteKeyPair")}

    def check_key_pair(self, name: str | None) -> None:
        """NotFound if the Region has no key pair of this name."""
        if name not in (None, DEFAULT_KEY_PAIR) and not self.store.find(KeyPair, name or ""):
            raise NotFound("KeyPair", name or "")

    def _add(self, name: str, tags: WireTags | None) -> KeyPair:
        if name == DEFAULT_KEY_PAIR:
            raise NameTaken([name])
        self.claim(name, kind=KeyPair)
        made = KeyPair(**self.members(KeyPair, name, tags=read_tags(tags), state="available"))
        self.store.add(made)
        return made
