// Statements of receipts v2: what is accepted is the same after the way there and back, and
// neither the result's text nor a check of agreement stumbles over it.
#include <algorithm>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "receipt/agreement.h"
#include "receipt/result_digest.h"
#include "receipt/statement.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto statement = receipt::ParseStatement(std::as_bytes(std::span(data, size)));
  if (!statement) {
    FUZZ_EXPECT(statement.error().message.starts_with("statement"));
    return 0;
  }
  const std::string json = receipt::SerializeStatement(*statement);
  const auto again = receipt::ParseStatement(AsBytes(json));
  FUZZ_EXPECT(again.has_value() && *again == *statement);
  FUZZ_EXPECT(receipt::SerializeStatement(*again) == json);

  // Nothing that a receipt says can add a line to the text that its digest is of.
  const bool more = statement->result.exit_code.has_value() || statement->result.trap.has_value();
  const auto lines = std::ranges::count(receipt::ResultText(*statement), '\n');
  FUZZ_EXPECT(static_cast<std::size_t>(lines) == 4 + (more ? 1 : 0) + statement->files.size());
  (void)receipt::CheckAgreement(*statement).has_value();
  return 0;
}
