#include "tlog/policy.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::tlog {
namespace {

constexpr std::string_view kNone = "none";

std::vector<std::string_view> SplitItems(std::string_view line) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string_view> items;
  while (true) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return items;
    const std::size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
    items.push_back(line.substr(begin, end - begin));
    line.remove_prefix(end);
  }
}

bool IsAllowed(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

class PolicyParser {
 public:
  Result<Policy> Parse(ByteView bytes) {
    if (bytes.size() > kMaxPolicyBytes) {
      return Error{ErrorCode::kLimitExceeded,
                   "policy: larger than " + std::to_string(kMaxPolicyBytes) + " bytes"};
    }
    std::string_view text = AsText(bytes);
    while (!text.empty()) {
      ++line_;
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) return Wrong("the last line has no line feed");
      PLASM_TRY_VOID(TakeLine(text.substr(0, end)));
      text.remove_prefix(end + 1);
    }
    if (!quorum_) return Error{ErrorCode::kInvalid, "policy: no quorum line"};
    policy_.quorum_ = *quorum_;
    return std::move(policy_);
  }

 private:
  using Items = std::vector<std::string_view>;

  Error Wrong(std::string message, ErrorCode code = ErrorCode::kInvalid) const {
    return {code, "policy line " + std::to_string(line_) + ": " + std::move(message)};
  }
  Error TooMany(const char* what, std::size_t limit) const {
    return Wrong("more than " + std::to_string(limit) + " " + what, ErrorCode::kLimitExceeded);
  }

  Result<void> TakeLine(std::string_view line) {
    if (!std::ranges::all_of(line, IsAllowed)) return Wrong("has a control character");
    const Items items = SplitItems(line);
    if (items.empty() || items.front().starts_with('#')) return {};
    if (items.front() == "log") return TakeLog(items);
    if (items.front() == "witness") return TakeWitness(items);
    if (items.front() == "group") return TakeGroup(items);
    if (items.front() == "quorum") return TakeQuorum(items);
    return Wrong("found " + Quote(items.front()) + ", expected log, witness, group or quorum");
  }

  Result<VerifierKey> TakeKey(std::string_view text, SignatureType type,
                              std::set<crypto::PublicKey>& seen) {
    auto key = VerifierKey::FromText(text);
    if (!key) return Wrong(std::move(key).error().message);
    if (key->type != type) {
      return Wrong(type == SignatureType::kEd25519
                       ? "a log's key has signature type 1 (Ed25519)"
                       : "a witness's key has signature type 4 (cosignature)");
    }
    if (!seen.insert(key->key).second) return Wrong("the key of " + Quote(text) + " stands twice");
    // Such a pair could not be told apart in a signature line.
    if (!ids_.insert({key->name, key->Id()}).second) {
      return Wrong("two keys have the name and id of " + Quote(text));
    }
    return key;
  }

  Result<void> TakeLog(const Items& items) {
    if (items.size() < 2 || items.size() > 3) return Wrong("expected log <key> [<url>]");
    if (policy_.logs_.size() == kMaxPolicyLogs) return TooMany("logs", kMaxPolicyLogs);
    PLASM_TRY(VerifierKey key, TakeKey(items[1], SignatureType::kEd25519, log_keys_));
    policy_.logs_.push_back({std::move(key), std::string(items.size() > 2 ? items[2] : "")});
    return {};
  }

  Result<void> Define(std::string_view name, Policy::Member member) {
    if (name == kNone) return Wrong("\"none\" cannot be defined");
    if (!names_.emplace(std::string(name), Named{member, false}).second) {
      return Wrong(Quote(name) + " is defined twice");
    }
    return {};
  }

  Result<void> TakeWitness(const Items& items) {
    if (items.size() < 3 || items.size() > 4) {
      return Wrong("expected witness <name> <key> [<url>]");
    }
    if (policy_.witnesses_.size() == kMaxPolicyWitnesses) {
      return TooMany("witnesses", kMaxPolicyWitnesses);
    }
    PLASM_TRY(VerifierKey key, TakeKey(items[2], SignatureType::kCosignature, witness_keys_));
    PLASM_TRY_VOID(Define(items[1], Policy::Witness{policy_.witnesses_.size()}));
    policy_.witnesses_.push_back(
        {std::string(items[1]), std::move(key), std::string(items.size() > 3 ? items[3] : "")});
    return {};
  }

  Result<void> TakeGroup(const Items& items) {
    if (items.size() < 4) return Wrong("expected group <name> all|any|<number> <name>...");
    if (policy_.groups_.size() == kMaxPolicyGroups) return TooMany("groups", kMaxPolicyGroups);
    Policy::Rule rule;
    for (const std::string_view name : std::span(items).subspan(3)) {
      const auto found = names_.find(name);
      if (found == names_.end()) return Wrong(Quote(name) + " is not defined above");
      if (std::exchange(found->second.is_member, true)) {
        return Wrong(Quote(name) + " is a member already");
      }
      rule.members.push_back(found->second.member);
    }
    PLASM_TRY(rule.threshold, TakeThreshold(items[2], rule.members.size()));
    PLASM_TRY_VOID(Define(items[1], Policy::Group{policy_.groups_.size()}));
    policy_.groups_.push_back(std::move(rule));
    return {};
  }

  Result<std::size_t> TakeThreshold(std::string_view text, std::size_t members) const {
    if (text == "any") return std::size_t{1};
    if (text == "all") return members;
    const auto number = ParseDecimal(text);
    if (!number || *number < 1 || *number > members) {
      return Wrong("found " + Quote(text) + ", expected all, any or a number from 1 to " +
                   std::to_string(members));
    }
    return static_cast<std::size_t>(*number);
  }

  Result<void> TakeQuorum(const Items& items) {
    if (items.size() != 2) return Wrong("expected quorum <name>");
    if (quorum_) return Wrong("a second quorum line");
    if (items[1] == kNone) {
      quorum_ = Policy::None{};
      return {};
    }
    const auto found = names_.find(items[1]);
    if (found == names_.end()) return Wrong(Quote(items[1]) + " is not defined above");
    quorum_ = found->second.member;
    return {};
  }

  struct Named {
    Policy::Member member;
    bool is_member;  // of some group
  };
  Policy policy_;
  std::optional<Policy::Member> quorum_;
  std::map<std::string, Named, std::less<>> names_;
  std::set<crypto::PublicKey> log_keys_;
  std::set<crypto::PublicKey> witness_keys_;
  std::set<std::pair<std::string, std::uint32_t>> ids_;
  std::size_t line_ = 0;
};

Result<Policy> Policy::Parse(ByteView bytes) { return PolicyParser().Parse(bytes); }

bool Policy::QuorumReached(const std::vector<bool>& cosigned) const {
  assert(cosigned.size() == witnesses_.size());
  std::vector<bool> reached;  // by each group, in the order in which they build on each other
  const auto holds = [&](const Member& member) {
    if (const auto* witness = std::get_if<Witness>(&member)) return bool{cosigned[witness->index]};
    if (const auto* group = std::get_if<Group>(&member)) return bool{reached[group->index]};
    return true;
  };
  for (const Rule& rule : groups_) {
    const auto count = static_cast<std::size_t>(std::ranges::count_if(rule.members, holds));
    reached.push_back(count >= rule.threshold);
  }
  return holds(quorum_);
}

}  // namespace plasm::tlog
