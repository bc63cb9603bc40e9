"""Accounts, notifications, reports and administration as Mastodon.py sees them."""

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonNotFoundError

from tests.practice_network import PracticeNetwork

CUSTOMER = "ada_test@north.practice.invalid"


@pytest.fixture
def customer(practice: PracticeNetwork) -> str:
    """The id of somebody who has written once."""
    identifier: str = practice.post("hello there", acct=CUSTOMER, display_name="Ada Crake")["account"]["id"]
    return identifier


def test_instance_says_what_it_is(practice: PracticeNetwork, agent: Mastodon) -> None:
    old, new = agent.instance_v1(), agent.instance_v2()
    assert old.title == new.title == "Meridian practice network"
    assert old.uri == new.domain == "practice.invalid"
    assert new.configuration.statuses.max_characters == 500
    assert new.configuration.urls.streaming == practice.streaming_url == old.urls.streaming_api
    assert agent.instance_nodeinfo().metadata.nodeName == "Meridian practice network"
    assert agent.instance_health()
    assert agent.instance_rules()[0].id == "1"
    assert agent.verify_minimum_version("4.4.0")
    assert agent.preferences()["posting:default:visibility"] == "public"
    assert agent.custom_emojis() == []
    assert agent.announcements() == []


def test_accounts_are_found(practice: PracticeNetwork, agent: Mastodon, customer: str) -> None:
    assert agent.me().id == practice.account_ids["agent"]
    assert agent.account_lookup(CUSTOMER).id == customer
    assert agent.account(customer).display_name == "Ada Crake"
    assert [account.id for account in agent.account_search("crake")] == [customer]
    assert [account.id for account in agent.accounts([customer])] == [customer]
    assert agent.search_v2("hello there").statuses[0].account.id == customer
    assert agent.account_statuses(customer)[0].content.endswith("hello there</p>")
    assert agent.account_update_credentials(display_name="Care").display_name == "Care"
    with pytest.raises(MastodonNotFoundError):
        agent.account_lookup("nobody@practice.invalid")


def test_relationships_change(practice: PracticeNetwork, agent: Mastodon, customer: str) -> None:
    assert agent.account_follow(customer, notify=True).notifying
    assert agent.account_following(agent.me().id)[0].id == customer
    practice.post("news", acct=CUSTOMER, mention=False)
    assert agent.notifications(types=["status"])[0].account.id == customer
    assert not agent.account_unfollow(customer).following
    assert agent.account_mute(customer, duration=600).muting_expires_at is not None
    assert agent.mutes()[0].id == customer
    practice.post("unheard", acct=CUSTOMER)
    assert len(agent.notifications(types=["mention"])) == 1
    assert customer not in {status.account.id for status in agent.timeline_public()}
    assert not agent.account_unmute(customer).muting
    assert agent.account_block(customer).blocking
    assert agent.blocks()[0].id == customer
    assert not agent.account_unblock(customer).blocking
    assert agent.account_note_set(customer, "calls on Mondays").note == "calls on Mondays"
    assert agent.account_endorse(customer).endorsed
    assert agent.endorsements()[0].id == customer
    assert agent.account_relationships(customer)[0].endorsed
    practice.control("POST", "follow", acct=CUSTOMER)
    assert agent.account_followers(agent.me().id)[0].id == customer
    assert not agent.account_remove_from_followers(customer).followed_by
    with pytest.raises(MastodonAPIError, match="yourself"):
        agent.account_block(agent.me().id)


def test_notifications_of_every_kind(practice: PracticeNetwork, agent: Mastodon, moderator: Mastodon) -> None:
    own = agent.status_post("from the desk")
    moderator.status_favourite(own.id)
    moderator.status_reblog(own.id)
    theirs = practice.post("question", acct=CUSTOMER)
    agent.status_reblog(theirs["id"])
    practice.control("POST", "edit", id=theirs["id"], text="@larkmoor_care question, corrected")
    practice.control("POST", "follow", acct=CUSTOMER)
    kinds = [item.type for item in agent.notifications()]
    assert kinds == ["follow", "update", "mention", "reblog", "favourite"]
    ids = [int(item.id) for item in agent.notifications()]
    assert agent.notifications(min_id=ids[2], limit=1)[0].id == str(ids[1])
    assert [int(item.id) for item in agent.notifications(since_id=ids[2])] == ids[:2]
    assert [item.type for item in agent.notifications(exclude_types=["follow", "update"])] == kinds[2:]
    assert agent.notifications_unread_count().count == 5
    agent.markers_set("notifications", ids[0])
    assert agent.markers_get(["notifications"]).notifications.last_read_id == str(ids[0])
    assert agent.notifications_unread_count().count == 0
    agent.notifications_dismiss(ids[0])
    assert agent.notifications()[0].type == "update"
    agent.notifications_clear()
    assert agent.notifications() == []


def test_grouped_notifications(practice: PracticeNetwork, agent: Mastodon, moderator: Mastodon) -> None:
    own = agent.status_post("from the desk")
    moderator.status_favourite(own.id)
    moderator.status_reblog(own.id)
    practice.post("hello", acct=CUSTOMER)
    page = agent.grouped_notifications()
    assert [group.type for group in page.notification_groups] == ["mention", "reblog", "favourite"]
    assert page.notification_groups[2].status_id == own.id
    assert own.id in {status.id for status in page.statuses}
    key = page.notification_groups[2].group_key
    assert agent.grouped_notification_accounts(key)[0].username == "moderator"
    assert agent.grouped_notification(key).notification_groups[0].notifications_count == 1
    agent.dismiss_grouped_notification(key)
    assert agent.notifications_policy().for_bots == "accept"
    assert [group.type for group in agent.grouped_notifications().notification_groups] == ["mention", "reblog"]


def test_reports_reach_the_moderators(agent: Mastodon, moderator: Mastodon, customer: str) -> None:
    status = agent.account_statuses(customer)[0]
    report = agent.report(customer, status_ids=[status.id], comment="advertising", category="spam")
    assert not report.action_taken
    assert report.target_account.id == customer
    told = moderator.notifications(types=["admin.report"])[0]
    assert told.report.id == report.id
    seen = moderator.admin_reports()[0]
    assert (seen.comment, seen.category) == ("advertising", "spam")
    assert seen.statuses[0].id == status.id
    assert moderator.admin_report_assign(report.id).assigned_account.username == "moderator"
    assert moderator.admin_report_unassign(report.id).assigned_account is None
    resolved = moderator.admin_report_resolve(report.id)
    assert resolved.action_taken
    assert resolved.action_taken_by_account.username == "moderator"
    assert moderator.admin_reports() == []
    assert moderator.admin_reports(resolved=True)[0].id == report.id
    assert not moderator.admin_report_reopen(report.id).action_taken
    assert moderator.admin_report(report.id).id == report.id


def test_administrators_act_on_accounts(agent: Mastodon, moderator: Mastodon, customer: str) -> None:
    report = agent.report(customer, comment="again")
    moderator.admin_account_moderate(customer, "silence", report_id=report.id)
    assert moderator.admin_account(customer).silenced
    assert moderator.admin_report(report.id).action_taken
    assert agent.timeline_public() == []
    assert not moderator.admin_account_unsilence(customer).silenced
    moderator.admin_account_moderate(customer, "suspend")
    assert agent.account_statuses(customer) == []
    assert [account.id for account in moderator.admin_accounts_v2(status="suspended")] == [customer]
    assert not moderator.admin_account_unsuspend(customer).suspended
    moderator.admin_account_moderate(customer, "sensitive")
    assert not moderator.admin_account_unsensitive(customer).sensitized
    moderator.admin_account_moderate(customer, "disable")
    assert not moderator.admin_account_enable(customer).disabled
    assert moderator.admin_account_approve(customer).approved
    assert {account.username for account in moderator.admin_accounts_v2(origin="local")} == {
        "larkmoor_care",
        "moderator",
        "reader",
    }


def test_only_moderators_administrate(agent: Mastodon) -> None:
    with pytest.raises(MastodonAPIError) as caught:
        agent.admin_reports()
    assert caught.value.args[1] == 403
