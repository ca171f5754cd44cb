// SPDX-License-Identifier: Apache-2.0
// Walks two descriptions side by side; the table judges each difference.
#include "definitions/pack_diff.hpp"

#include <algorithm>

#include "definitions/internal/change_table.hpp"

namespace amate::definitions {
namespace {

using internal::Difference;
using internal::Reason;

class Walk {
public:
    Walk(const Description& before, const Description& after) : before_(before), after_(after) {
        const auto* old_migrations = before.find("migrations");
        const auto* new_migrations = after.find("migrations");
        if (new_migrations == nullptr) return;
        for (const auto& each : new_migrations->parts) {
            const bool old = old_migrations != nullptr && old_migrations->find(each.key) != nullptr;
            const auto* steps = old ? nullptr : each.find("steps");
            if (steps == nullptr) continue;
            for (const auto& step : steps->parts) {
                if (step.text_of("kind") == "accept") accepted_.push_back(&step);
            }
        }
    }

    std::vector<Change> take() {
        step(&before_, &after_);
        return std::move(changes_);
    }

private:
    // A part that only one side has is told whole; its own parts are not told again.
    void step(const Description* before, const Description* after) {
        if (before == nullptr || after == nullptr || before->text != after->text) {
            tell(before, after);
            if (before == nullptr || after == nullptr) return;
        }
        for (const auto& part : before->parts) descend(&part, after->find(part.key));
        for (const auto& part : after->parts) {
            if (before->find(part.key) == nullptr) descend(nullptr, &part);
        }
    }

    void descend(const Description* before, const Description* after) {
        path_.push_back(before == nullptr ? after->key : before->key);
        step(before, after);
        path_.pop_back();
    }

    void tell(const Description* before, const Description* after) {
        auto verdict = internal::judge({before_, after_, path_, before, after});
        Change change;
        change.place = place();
        change.kind = before == nullptr  ? ChangeKind::added
                      : after == nullptr ? ChangeKind::removed
                                         : ChangeKind::changed;
        if (before != nullptr && before->parts.empty()) change.before = before->text;
        if (after != nullptr && after->parts.empty()) change.after = after->text;
        if (verdict.acceptable && is_accepted(change)) {
            verdict = {Effect::migrates, Reason::accepted, {}, false};
        }
        change.effect = verdict.effect;
        change.acceptable = verdict.acceptable;
        change.why = internal::words_of(verdict.reason, verdict.detail);
        changes_.push_back(std::move(change));
    }

    [[nodiscard]] bool is_accepted(const Change& change) const {
        return std::any_of(accepted_.begin(), accepted_.end(), [&](const Description* step) {
            return step->text_of("at") == change.place && step->text_of("was") == change.before &&
                   step->text_of("is") == change.after;
        });
    }

    // Columns and cells stand under stored names and numbers; people know them by today's names.
    [[nodiscard]] std::string place() const {
        std::string place;
        const auto* was = &before_;
        const auto* is = &after_;
        std::string_view within;
        for (const auto key : path_) {
            if (was != nullptr) was = was->find(key);
            if (is != nullptr) is = is->find(key);
            std::string_view shown = key;
            if (within == "fields" || within == "cells") {
                const auto* node = is == nullptr ? was : is;
                if (node != nullptr && node->find("name") != nullptr) shown = node->text_of("name");
            }
            if (!(place.empty() && key == "files")) {
                place += place.empty() ? "" : "/";
                place += shown;
            }
            within = key;
        }
        return place;
    }

    const Description& before_;
    const Description& after_;
    std::vector<std::string_view> path_;
    std::vector<const Description*> accepted_;
    std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> compare(const Description& before, const Description& after) {
    return Walk(before, after).take();
}

std::vector<Change> compare(const Pack& before, const Pack& after) {
    const auto was = describe(before);
    const auto is = describe(after);
    return compare(was, is);
}

Effect effect_of(const std::vector<Change>& changes) {
    auto gravest = Effect::compatible;
    for (const auto& change : changes) gravest = std::max(gravest, change.effect);
    return gravest;
}

}  // namespace amate::definitions
