#include "node/live_card.h"

#include <optional>
#include <utility>

namespace plasm::node {

LiveCard::LiveCard(const std::filesystem::path& data_folder, const NodeKeys& keys, CardFacts facts,
                   Clock& clock, IssuedCard first)
    : own_(data_folder, keys, std::move(facts), clock),
      card_(std::make_shared<const IssuedCard>(std::move(first))) {}

std::shared_ptr<const IssuedCard> LiveCard::Get() const {
  const std::lock_guard lock(mutex_);
  return card_;
}

Result<CardNews> LiveCard::Renew() {
  PLASM_TRY(std::optional<IssuedCard> last, own_.Last());
  CardNews news = CardNews::kNone;
  if (last && Take(*std::move(last)) != CardNews::kNone) news = CardNews::kTakenOver;
  auto current = own_.Current();
  if (!current && current.error().code == ErrorCode::kUnavailable) {
    return Error{ErrorCode::kUnavailable,
                 current.error().message + ": a node takes over new keys when it is started"};
  }
  if (!current) return std::move(current).error();
  return Take(*std::move(current)) == CardNews::kNone ? news : CardNews::kRenewed;
}

// Never an older one: clients would not believe it.
CardNews LiveCard::Take(IssuedCard card) {
  const std::lock_guard lock(mutex_);
  if (card.card.version <= card_->card.version) return CardNews::kNone;
  card_ = std::make_shared<const IssuedCard>(std::move(card));
  return CardNews::kRenewed;
}

}  // namespace plasm::node
