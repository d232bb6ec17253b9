// Whether outputs at hand are those of a receipt (spec/receipt.md section 8, step 13). Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "receipt/statement.h"

namespace plasm::verify {

// A folder's regular files, by their path below it with '/' between the parts.
using FolderDigests = std::map<std::string, Sha256Digest>;

struct OutputAtHand {
  std::string shown;  // what the user calls it, for messages: a path on this machine
  // What it is said to be: "stdout", "stderr", or a path in the guest. Nothing: to be found out.
  std::optional<std::string> name;
  std::variant<Sha256Digest, FolderDigests> contents;
};

// The subject that an output is, as in "stdout" or "file:/work/out.txt", for people. kInvalid,
// saying what differs, when it is not the receipt's.
//
// A file that nobody names is compared with the subject of its own name (its name up to the
// first dot is stdout or stderr, or a kept file has its name); where there is no such subject,
// any with its digest will do. A folder must have exactly the kept files of one folder of the
// guest.
Result<std::string> MatchOutput(const receipt::Statement& statement, const OutputAtHand& output);

}  // namespace plasm::verify
