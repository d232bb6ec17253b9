#include "receipt/receipt_v2.h"

#include <string>
#include <utility>

namespace plasm::receipt {

Result<ReceiptV2> ParseReceiptV2(ByteView json) {
  ReceiptV2 receipt;
  PLASM_TRY(receipt.envelope, ParseEnvelope(json, ReceiptForm()));
  PLASM_TRY(receipt.statement, ParseStatement(receipt.envelope.payload));
  const std::size_t expected = receipt.statement.node.signing == Signing::kEach ? 1 : 0;
  if (receipt.envelope.signatures.size() != expected) {
    return Error{ErrorCode::kInvalid, "envelope.signatures: found " +
                                          std::to_string(receipt.envelope.signatures.size()) +
                                          ", expected " + std::to_string(expected) +
                                          " for this node.signing"};
  }
  return receipt;
}

}  // namespace plasm::receipt
