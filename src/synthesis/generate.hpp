// SPDX-License-Identifier: Apache-2.0
// Invents test data: one CSV a source, in that source's own style, as its synthesis plan says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"

namespace amate::synthesis {

struct SynthesisOptions {
    double scale = 1.0;          // share of the records each plan asks for, > 0
    std::uint64_t seed = 1;      // the same seed, pack and scale give the same bytes
    std::filesystem::path out;   // folder; made if it is not there
    bool truth = false;          // writes out/truth/SOURCE.csv: row, and the person it is of
    bool demonstration = false;  // the largest files in the shares that their plans say
};

struct SynthesisFile {
    std::string source;
    std::filesystem::path file;  // out/SOURCE.csv
    std::int64_t rows = 0;
};

// Writes a file for every source that has a plan (docs/reference/pack.md, synthesis). Every record
// passes the register's own rules. A person has one number in all files of a run, however spoilt
// its names are; only the files of `truth` tell it. Problems: synthesis.bad_plan (with its place;
// nothing is written); synthesis.record_refused, synthesis.persons_exhausted and
// synthesis.value_unwritable (at the group; that file is not written); core.file_unwritable.
[[nodiscard]] Result<std::vector<SynthesisFile>> generate(const definitions::Pack& pack,
                                                          const SynthesisOptions& options,
                                                          Progress& progress);

}  // namespace amate::synthesis
