"""The practice network as an independent client, Mastodon.py, sees it."""

from mastodon import Mastodon

from tests.practice_network import PracticeNetwork


def client(network: PracticeNetwork, role: str = "agent") -> Mastodon:
    return Mastodon(access_token=network.tokens[role], api_base_url=network.base_url, ratelimit_method="throw")


def test_answers_a_mention(practice: PracticeNetwork) -> None:
    customer = practice.post("where is my parcel?", acct="ada_test@north.practice.invalid")
    api = client(practice)
    mention = api.notifications(types=["mention"])[0]
    assert mention.status.id == customer["id"]
    answer = api.status_post("On its way.", in_reply_to_id=mention.status.id, idempotency_key="one")
    again = api.status_post("On its way.", in_reply_to_id=mention.status.id, idempotency_key="one")
    assert answer.id == again.id
    context = api.status_context(mention.status.id)
    assert context.descendants[0].id == answer.id
