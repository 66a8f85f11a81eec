package slack

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// budgetOfReply keeps a message of a thread under 10,000 characters of JSON.
const budgetOfReply = 9000

// tooLong stands in the thread for what Slack cannot take.
const tooLong = "Something is too long for Slack; rolewhy explain prints all of it."

// details are the messages of the thread: the whole diff, what to run, and the
// Terraform. A stranger has none, and neither has who needs no change.
func details(s *story) (replies []*slack.WebhookMessage) {
	add := func(label string, fill func(p *part)) {
		p := newPart(budgetOfReply)
		p.title(label)
		fill(p)
		if p.short {
			p.elements = append(p.elements, slack.NewRichTextSection(plain(tooLong)))
		}
		replies = append(replies, envelope(label, p.block()))
	}
	if s.diff != "" {
		add("The change of the trust policy", func(p *part) { p.code(s.diff, budgetOfReply) })
	}
	if len(s.orders) > 0 {
		add("To run", func(p *part) {
			for _, command := range s.orders {
				p.order(command)
			}
		})
	}
	for _, l := range s.long {
		if l.Label == "Terraform" {
			add(l.Label, func(p *part) { p.code(l.Text, budgetOfReply) })
		}
	}
	return replies
}

// evidence is the reply that tells what is new, none where nothing is. Where it
// is not known what was told, all of it may be.
func evidence(n *notify.Notice) []*slack.WebhookMessage {
	old := &story{}
	if n.Was != nil {
		old = tell(n.Was)
	}
	news, seen := tell(n.Report).since(old)
	if news == nil {
		return nil
	}
	p := newPart(budgetOfReply - budgetOfAlarm - budgetOfWhy - budgetOfFix)
	p.bullets("Looked at since", withoutReasons(seen), 5, 250)
	p.bullets("Changed", news.changed, 5, 400)
	blocks := slices.Concat(alarm(news), p.block(), why(news))
	fixes := newPart(budgetOfFix)
	tellFixes(fixes, news)
	return []*slack.WebhookMessage{envelope("More on: "+title(n), append(blocks, fixes.block()...))}
}

// withoutReasons drops why a thing was not seen at first.
func withoutReasons(unseen []string) (things []string) {
	for _, u := range unseen {
		what, _, _ := strings.Cut(u, ", because ")
		things = append(things, cmp.Or(what, u))
	}
	return things
}
