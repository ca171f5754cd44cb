// SPDX-License-Identifier: Apache-2.0
// For tests only: operations drawn from a seed, valid and invalid ones mixed.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "registry/model/auditor.hpp"

namespace amate::registry::model {

enum class Operation : unsigned char {
    requests,  // several, each by itself, in one transaction
    bulk,      // all or none
    batch,
    read,
    history,
    lapse,
    rotate,
    seal,
    reopen
};

struct Batch {
    std::string bytes;
    std::vector<FerryRow> rows;
};

struct Reading {
    std::string register_name, folio, known_at, effective_at;
    Person by;
};

// Draws what is to be done next, from what the auditor knows there is. How often each kind comes,
// how often something is wrong with it, how many requests go together and how fast time passes are
// drawn once, from the seed, so that each run dwells on something else (swarm testing). The same
// seed gives the same operations if the auditor was told them all.
class Operations {
public:
    explicit Operations(std::uint64_t seed);

    [[nodiscard]] Operation next();
    // Seconds that pass before it; now and then one or two back, as clocks do.
    [[nodiscard]] std::int64_t pause(const Auditor& auditor);
    [[nodiscard]] std::size_t group_size() { return 1 + below(group_max_); }
    [[nodiscard]] Asked request(Auditor& auditor);
    [[nodiscard]] std::vector<Asked> bulk(Auditor& auditor);
    [[nodiscard]] Batch batch(const Auditor& auditor);
    [[nodiscard]] Reading reading(Auditor& auditor);

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
    bool in(std::size_t hundredths) { return below(100) < hundredths; }
    bool wrong() { return in(wrong_); }
    template <class Item>
    const Item& pick(const std::vector<Item>& list) {
        return list[below(list.size())];
    }
    std::string draw(const std::map<std::string, std::size_t>& weights);

    Person person(const std::string& role);
    Person anybody();
    const Life* life(Auditor& auditor);
    const Life* life_for(const std::string& what, Auditor& auditor);
    std::string moment_before(const std::string& now);
    Asked create(const Auditor& auditor);
    Fields landing(const Auditor& auditor);
    Fields stay(const Auditor& auditor);
    Fields protection_case(const Auditor& auditor);
    Fields some_of(const Fields& fields);
    void choose_act(const Life& life, Asked& asked, const std::string& now);
    Asked change(Auditor& auditor);
    void give_key(Asked& asked);

    std::mt19937_64 random_;
    std::map<std::string, std::size_t> operations_, requests_, registers_;
    std::size_t wrong_, hot_, keyed_, group_max_, hurry_;
    std::int64_t drawn_ = 0;
    std::vector<Asked> keyed_asks_;
    std::vector<std::vector<Asked>> keyed_bulks_;
    std::vector<Batch> batches_;
};

// One line, for whoever looks for what went wrong. The model's people are invented.
[[nodiscard]] std::string to_line(const Asked& asked);

}  // namespace amate::registry::model
