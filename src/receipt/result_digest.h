// The result digest (spec/receipt.md section 7): what two honest nodes agree on.
#pragma once

#include <string>

#include "base/sha256.h"
#include "receipt/statement.h"

namespace plasm::receipt {

// Taken from status, exit code, trap, streams and files; `result_digest` is not looked at.
std::string ResultText(const Statement& statement);
Sha256Digest ResultDigest(const Statement& statement);

}  // namespace plasm::receipt
