// authorized_clients and tokens: what is read is written back byte for byte, and an entry that is
// added to an empty file is read back as it was.
#include <cstdint>
#include <span>
#include <string>

#include "api/authorized_clients.h"
#include "api/tokens.h"
#include "base/bytes.h"
#include "expect.h"

namespace {

using namespace plasm;

template <class File>
void Try(const std::string& text) {
  auto file = File::Parse(AsBytes(text));
  if (!file) return;
  FUZZ_EXPECT(file->Serialize() == (text.empty() || text.ends_with('\n') ? text : text + "\n"));
  for (const auto* entry : file->Entries()) {
    File alone;
    FUZZ_EXPECT(alone.Add(*entry).has_value());
    const auto again = File::Parse(AsBytes(alone.Serialize()));
    FUZZ_EXPECT(again.has_value() && again->Entries().size() == 1);
    FUZZ_EXPECT(again->Serialize() == alone.Serialize());
    FUZZ_EXPECT(again->FindByName(entry->name) != nullptr);
    FUZZ_EXPECT(file->FindByName(entry->name) == entry);
  }
  if (file->Entries().empty()) return;
  const std::string first = file->Entries().front()->name;
  const std::size_t entries = file->Entries().size();
  FUZZ_EXPECT(file->Remove(first).has_value());
  FUZZ_EXPECT(file->FindByName(first) == nullptr);
  FUZZ_EXPECT(file->Entries().size() == entries - 1);
  FUZZ_EXPECT(File::Parse(AsBytes(file->Serialize())).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(AsText(std::as_bytes(std::span(data, size))));
  Try<api::AuthorizedClients>(text);
  Try<api::Tokens>(text);
  return 0;
}
