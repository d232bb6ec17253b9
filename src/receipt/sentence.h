// Text from elsewhere as one of the sentences for people that receipts and audits carry.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plasm::receipt {

// One line of UTF-8 without control characters (spec/receipt.md section 4), not empty and at
// most `max_bytes` long.
std::string Sentence(std::string_view text, std::size_t max_bytes);

}  // namespace plasm::receipt
