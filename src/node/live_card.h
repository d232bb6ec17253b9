// The card of a node that goes on running: renewed before it ends, and replaced by one that
// another process has issued meanwhile.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "base/result.h"
#include "node/node_keys.h"
#include "node/own_card.h"

namespace plasm::node {

enum class CardNews {
  kNone,
  kRenewed,    // this process has issued the next one
  kTakenOver,  // another process had, as plasmd key revoke does
};

// Thread-safe. Keys and clock outlive it.
class LiveCard {
 public:
  LiveCard(const std::filesystem::path& data_folder, const NodeKeys& keys, CardFacts facts,
           Clock& clock, IssuedCard first);

  // The newest that is known. What it points to does not change.
  std::shared_ptr<const IssuedCard> Get() const;

  // To be called from time to time: a card is renewed in the last 30 days of its 90. Waits for
  // the disk, and for another process that is changing keys. After an error the newest card on
  // disk is served all the same; errors as OwnCard::Current, kUnavailable when the keys of this
  // process were replaced, which only a new start takes over.
  Result<CardNews> Renew();

 private:
  CardNews Take(IssuedCard card);

  const OwnCard own_;
  mutable std::mutex mutex_;
  std::shared_ptr<const IssuedCard> card_;
};

}  // namespace plasm::node
