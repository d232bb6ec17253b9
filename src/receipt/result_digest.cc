#include "receipt/result_digest.h"

#include <string_view>

#include "base/bytes.h"
#include "base/hex.h"

namespace plasm::receipt {
namespace {

constexpr std::size_t kUsualBytes = 320;
constexpr std::size_t kBytesPerFile = 80;

void AppendStream(std::string& text, std::string_view name, const StreamSubject& stream) {
  text.append(name).append(" ");
  AppendHex(text, stream.digest.bytes);
  text.append(" ");
  text.append(std::to_string(stream.bytes)).append("\n");
}

// So that no path can end its line.
void AppendEscaped(std::string& text, std::string_view path) {
  for (const char c : path) {
    switch (c) {
      case '\n':
        text.append("\\n");
        break;
      case '\r':
        text.append("\\r");
        break;
      case '\\':
        text.append("\\\\");
        break;
      default:
        text.push_back(c);
    }
  }
}

}  // namespace

std::string ResultText(const Statement& statement) {
  const Outcome& result = statement.result;
  std::string text;
  text.reserve(kUsualBytes + statement.files.size() * kBytesPerFile);
  text.append("urn:plasm:result:v1\nstatus ").append(StatusName(result.status)).append("\n");
  if (result.status == Status::kExited) {
    text.append("exit-code ").append(std::to_string(result.exit_code.value_or(0))).append("\n");
  }
  if (result.status == Status::kTrapped) {
    text.append("trap ").append(result.trap.value_or("")).append("\n");
  }
  AppendStream(text, "stdout", statement.stdout_subject);
  AppendStream(text, "stderr", statement.stderr_subject);
  for (const FileSubject& file : statement.files) {
    text.append("file ");
    AppendHex(text, file.digest.bytes);
    text.append(" ");
    AppendEscaped(text, file.path);
    text.append("\n");
  }
  return text;
}

Sha256Digest ResultDigest(const Statement& statement) {
  return Sha256Of(AsBytes(ResultText(statement)));
}

}  // namespace plasm::receipt
