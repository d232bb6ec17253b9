#include "base/key_name.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/text_form.h"
#include "base/utf8.h"

namespace plasm {

bool IsKeyName(std::string_view text) {
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '+'; };
  return !text.empty() && IsValidUtf8(AsBytes(text)) && std::ranges::none_of(text, is_bad) &&
         !HasWhiteSpace(text);
}

bool IsLogOrigin(std::string_view text) {
  return text.size() <= kMaxKeyNameBytes && IsKeyName(text) && IsPlainText(text);
}

}  // namespace plasm
