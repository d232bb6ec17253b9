#include "sandbox/handles.h"

#include <string_view>

namespace plasm::sandbox {
namespace {

constexpr std::size_t kMaxMessageBytes = 2000;

// The engine separates the causes of an error with newlines and indentation, and quotes names
// as the module has them: other control characters would reach somebody's terminal.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (line.size() >= kMaxMessageBytes) break;
    const bool space = c == '\n' || c == '\t' || c == ' ' || c == '\0';
    if (space && (line.empty() || line.back() == ' ')) continue;
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    line += space ? ' ' : control ? '?' : c;
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string TakeName(wasm_byte_vec_t& name) {
  std::string line = OneLine({name.data, name.size});
  wasm_byte_vec_delete(&name);
  return line;
}

}  // namespace

std::string Message(const wasmtime_error_t& error) {
  wasm_byte_vec_t text;
  wasmtime_error_message(&error, &text);
  return TakeName(text);
}

std::string Message(const wasm_trap_t& trap) {
  wasm_byte_vec_t text;
  wasm_trap_message(&trap, &text);
  return TakeName(text);
}

}  // namespace plasm::sandbox
