// SPDX-License-Identifier: Apache-2.0
// Evaluates a checked expression over encoded columns, each operator as seldom as can be.
#pragma once

#include "definitions/expression_columns.hpp"
#include "definitions/internal/expression_node.hpp"

namespace amate::definitions::internal {

[[nodiscard]] EncodedColumn evaluate_columns(const Node& node, const ColumnBatch& batch,
                                             const EvaluationContext& context);
// `node` is of type boolean.
[[nodiscard]] TruthColumn evaluate_truth(const Node& node, const ColumnBatch& batch,
                                         const EvaluationContext& context);

}  // namespace amate::definitions::internal
