// Trust policies (C2SP tlog-policy): which logs, which witnesses, and how many of those. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/note.h"

namespace plasm::tlog {

inline constexpr std::size_t kMaxPolicyBytes = 256 * 1024;
inline constexpr std::size_t kMaxPolicyLogs = 256;
inline constexpr std::size_t kMaxPolicyWitnesses = 256;
inline constexpr std::size_t kMaxPolicyGroups = 256;

struct PolicyLog {
  VerifierKey key;  // type 0x01; its name is the log's origin
  std::string url;  // may be empty
};

struct PolicyWitness {
  std::string name;  // within the policy
  VerifierKey key;   // type 0x04
  std::string url;   // may be empty
};

// A policy that Parse has taken: names are defined before they are used and used once, no key
// stands twice among the logs or among the witnesses.
class Policy {
 public:
  // kInvalid, with the number of the line, for everything that tlog-policy does not allow, for
  // keys of other types than above, and for two keys of one name and id; kLimitExceeded above
  // the limits.
  static Result<Policy> Parse(ByteView bytes);

  const std::vector<PolicyLog>& logs() const { return logs_; }
  const std::vector<PolicyWitness>& witnesses() const { return witnesses_; }

  // The quorum, given for each witness whether it has cosigned; as many as witnesses().
  bool QuorumReached(const std::vector<bool>& cosigned) const;

 private:
  friend class PolicyParser;
  struct None {};
  struct Witness {
    std::size_t index;
  };
  struct Group {
    std::size_t index;
  };
  using Member = std::variant<None, Witness, Group>;
  struct Rule {
    std::size_t threshold;
    std::vector<Member> members;  // groups among them have a smaller index than this one
  };

  std::vector<PolicyLog> logs_;
  std::vector<PolicyWitness> witnesses_;
  std::vector<Rule> groups_;
  Member quorum_;
};

}  // namespace plasm::tlog
