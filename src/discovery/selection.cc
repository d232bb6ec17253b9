#include "discovery/selection.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/decimal.h"
#include "base/quote.h"
#include "base/text_form.h"

namespace plasm::discovery {
namespace {

using Kind = SelectionTerm::Kind;

constexpr std::string_view kEveryNode = "node";
constexpr std::string_view kLabelPrefix = "label.";
constexpr std::size_t kMaxTextBytes = 255;
constexpr std::size_t kMaxAnnouncedLabels = 32;

struct Word {
  std::string_view before;  // the value
  Kind kind;
};
constexpr std::array<Word, 6> kTexts{{{"arch=", Kind::kArch},
                                      {"engine=", Kind::kEngine},
                                      {"profile=", Kind::kProfile},
                                      {"cpu=", Kind::kCpu},
                                      {"policy=", Kind::kPolicy},
                                      {"label=", Kind::kHasLabel}}};
constexpr std::array<Word, 2> kAmounts{
    {{"cores>=", Kind::kCoresAtLeast}, {"memory-mib>=", Kind::kMemoryAtLeast}}};

Error Invalid(std::string_view term, std::string_view why) {
  return {ErrorCode::kInvalid,
          "selection: found " + Quote(term) + ", " + std::string(why) +
              "; expected terms as in arch=X, engine=X, profile=X, cpu=X, policy=X, label=K, "
              "label.K=V, cores>=N, memory-mib>=N with commas between them"};
}

bool IsValue(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTextBytes && IsPlainText(text);
}

Result<SelectionTerm> ParseTerm(std::string_view text) {
  for (const Word& word : kAmounts) {
    if (!text.starts_with(word.before)) continue;
    const auto amount = ParseDecimal(text.substr(word.before.size()));
    if (!amount) return Invalid(text, "which has no number");
    return SelectionTerm{.kind = word.kind, .label = {}, .value = {}, .amount = *amount};
  }
  for (const Word& word : kTexts) {
    if (!text.starts_with(word.before)) continue;
    const std::string value(text.substr(word.before.size()));
    if (!IsValue(value)) return Invalid(text, "which has no value of 1 to 255 bytes");
    if (word.kind == Kind::kHasLabel) {
      return SelectionTerm{.kind = word.kind, .label = value, .value = {}, .amount = 0};
    }
    if (word.kind == Kind::kPolicy && value != "open" && value != "invitation") {
      return Invalid(text, "which is no policy (open, invitation)");
    }
    return SelectionTerm{.kind = word.kind, .label = {}, .value = value, .amount = 0};
  }
  const std::size_t equals = text.find('=');
  if (text.starts_with(kLabelPrefix) && equals != std::string_view::npos) {
    const std::string label(text.substr(kLabelPrefix.size(), equals - kLabelPrefix.size()));
    const std::string value(text.substr(equals + 1));
    if (!IsValue(label) || !IsValue(value)) return Invalid(text, "which lacks a label or a value");
    return SelectionTerm{.kind = Kind::kLabelIs, .label = label, .value = value, .amount = 0};
  }
  return Invalid(text, "which is no such term");
}

std::string TextOf(const SelectionTerm& term) {
  for (const Word& word : kAmounts) {
    if (word.kind == term.kind) return std::string(word.before) + std::to_string(term.amount);
  }
  if (term.kind == Kind::kLabelIs) {
    return std::string(kLabelPrefix) + term.label + "=" + term.value;
  }
  for (const Word& word : kTexts) {
    if (word.kind == term.kind) {
      return std::string(word.before) + (term.kind == Kind::kHasLabel ? term.label : term.value);
    }
  }
  return "";
}

bool Has(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

}  // namespace

Result<Selection> Selection::Parse(std::string_view text) {
  if (text.size() > kMaxSelectionBytes) {
    return Error{ErrorCode::kLimitExceeded, "selection: found " + std::to_string(text.size()) +
                                                " bytes, expected at most 2048"};
  }
  Selection selection;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    PLASM_TRY(SelectionTerm term, ParseTerm(text.substr(0, comma)));
    selection.terms.push_back(std::move(term));
    if (selection.terms.size() > kMaxSelectionTerms) {
      return Error{ErrorCode::kLimitExceeded, "selection: found more than 32 terms"};
    }
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) return Invalid(",", "with nothing behind it");
  }
  return selection;
}

std::string Selection::ToString() const {
  std::string text;
  for (const SelectionTerm& term : terms) text += (text.empty() ? "" : ",") + TextOf(term);
  return text;
}

bool Matches(const SelectionTerm& term, const trust::Capabilities& node) {
  switch (term.kind) {
    case Kind::kArch:
      return node.arch == term.value;
    case Kind::kEngine:
      return node.engine == term.value;
    case Kind::kProfile:
      return Has(node.profiles, term.value);
    case Kind::kCpu:
      return Has(node.cpu, term.value);
    case Kind::kPolicy:
      return node.policy && trust::SubmitPolicyName(*node.policy) == term.value;
    case Kind::kLabelIs: {
      const auto label = node.labels.find(term.label);
      return label != node.labels.end() && label->second == term.value;
    }
    case Kind::kHasLabel:
      return node.labels.contains(term.label);
    case Kind::kCoresAtLeast:
      return node.cores && *node.cores >= term.amount;
    case Kind::kMemoryAtLeast:
      return node.memory_mib && *node.memory_mib >= term.amount;
  }
  return false;
}

bool Matches(const Selection& selection, const trust::Capabilities& node) {
  return FirstMismatch(selection, node).empty();
}

std::string FirstMismatch(const Selection& selection, const trust::Capabilities& node) {
  for (const SelectionTerm& term : selection.terms) {
    if (!Matches(term, node)) return TextOf(term);
  }
  return "";
}

std::vector<std::string> CapabilitiesOf(const trust::Capabilities& node) {
  std::vector<std::string> all{std::string(kEveryNode), "arch=" + node.arch,
                               "engine=" + node.engine};
  std::size_t labels = 0;
  for (const auto& [key, value] : node.labels) {
    if (labels++ == kMaxAnnouncedLabels) break;
    all.push_back(std::string(kLabelPrefix) + key + "=" + value);
  }
  return all;
}

std::vector<std::string> CapabilitiesToAsk(const Selection& selection) {
  std::vector<std::string> labels;
  std::vector<std::string> others;
  for (const SelectionTerm& term : selection.terms) {
    if (term.kind == Kind::kLabelIs) labels.push_back(TextOf(term));
    if (term.kind == Kind::kEngine || term.kind == Kind::kArch) others.push_back(TextOf(term));
  }
  if (!labels.empty()) return labels;
  if (!others.empty()) return others;
  return {std::string(kEveryNode)};
}

}  // namespace plasm::discovery
