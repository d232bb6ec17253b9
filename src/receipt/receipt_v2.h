// A receipt v2 as a file has it: an envelope around a statement.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "receipt/envelope.h"
#include "receipt/statement.h"

namespace plasm::receipt {

// Well-formed: step 1 of spec/receipt.md section 8. Nothing else of it has been checked.
struct ReceiptV2 {
  Envelope envelope;
  Statement statement;  // of envelope.payload

  friend bool operator==(const ReceiptV2&, const ReceiptV2&) = default;
};

// Also refuses a signature where `node.signing` is batch, and none where it is each. kInvalid
// or kLimitExceeded.
Result<ReceiptV2> ParseReceiptV2(ByteView json);

}  // namespace plasm::receipt
