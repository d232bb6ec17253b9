#include "own_node.h"

#include "client/node_list.h"
#include "trust/trust_store.h"

namespace plasm::app {

Result<std::string> TrustOwnNode(const DataFolder& data, const node::IssuedCard& card) {
  const trust::TrustStore store(data.root());
  PLASM_TRY(const trust::LoadedTrust loaded, store.Load());
  const trust::TrustFile& file = loaded.state.file();
  const trust::TrustedNode* known = file.FindByIdentity(card.card.identity);
  std::string name(client::kLocalName);
  if (known != nullptr) {
    name = known->name;
  } else {
    for (int number = 2; file.FindByName(name) != nullptr; ++number) {
      name = std::string(client::kLocalName) + "-" + std::to_string(number);
    }
    PLASM_TRY_VOID(store.Add({.name = name,
                              .identity = card.card.identity,
                              .level = trust::TrustLevel::kLogged,
                              .card_version = {},
                              .revoked = {}}));
  }
  const trust::OpenedCard* kept = loaded.state.CardOf(card.card.identity);
  if (kept == nullptr || kept->card.version != card.card.version) {
    PLASM_TRY(const trust::CardStanding standing, store.AcceptCard(AsBytes(card.envelope)));
    static_cast<void>(standing);
  }
  return name;
}

}  // namespace plasm::app
