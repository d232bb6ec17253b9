// What requests and responses have in common: RFC 9110 section 5. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plasm::net {

bool IsTokenChar(char c);

// Whether it is a token of RFC 9110 section 5.6.2: a method, a field's name.
bool IsToken(std::string_view text);

// Whether a field may have this value: no control characters but the tab. Bytes from 0x80 on are
// taken as they are.
bool IsFieldValue(std::string_view text);

struct FieldLine {
  std::string_view name;
  std::string_view value;  // without the white space around it
};

// "Name: value" without its line end; empty for anything else, white space before the colon and
// at the start of the line included.
std::optional<FieldLine> ParseFieldLine(std::string_view line);

// A Content-Length: digits alone, below 2^63.
std::optional<std::uint64_t> ParseContentLength(std::string_view text);

// Whether a list like "close, x" has this member, whatever its case.
bool ListHas(std::string_view list, std::string_view member);

bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace plasm::net
