<?php

declare(strict_types=1);

namespace Plasm\Trust;

use Plasm\Document\Envelope;
use Plasm\Document\NodeCard;
use Plasm\Exception\MalformedException;

/** A card that somebody shows, opened, with what is wrong with it. Pure. */
final class OfferedCard
{
    /** @param NodeCard|null $card null when it has not the form of one */
    private function __construct(
        private readonly CardOutcome $form,
        public readonly ?NodeCard $card,
        public readonly string $reason,
    ) {
    }

    /** Checks form and signature. */
    public static function open(string $envelope): self
    {
        try {
            $opened = Envelope::parse($envelope, Envelope::CARD_TYPE, NodeCard::MAX_BYTES);
            if ($opened->signature === null) {
                throw new MalformedException('envelope: expected one signature');
            }
            $card = NodeCard::parse($opened->payload);
        } catch (MalformedException $error) {
            return new self(CardOutcome::Malformed, null, $error->getMessage());
        }

        return $opened->isSignedBy($card->identity)
            ? new self(CardOutcome::Accepted, $card, '')
            : new self(CardOutcome::BadSignature, $card, 'the signature is not that of its identity key');
    }

    /**
     * Against what was accepted before.
     *
     * @param NodeCard|null $previous     the last accepted card, of whatever node
     * @param int|null      $knownVersion the largest version of this node that was accepted
     */
    public function against(?NodeCard $previous, ?int $knownVersion): CardOutcome
    {
        if ($this->form !== CardOutcome::Accepted || $this->card === null) {
            return $this->form;
        }
        $kept = $previous?->identity->equals($this->card->identity) === true ? $previous : null;

        return match (true) {
            $this->card->version < max($knownVersion ?? 0, $kept?->version ?? 0) => CardOutcome::Rollback,
            $kept !== null && $kept->version === $this->card->version
                && $kept->payload !== $this->card->payload => CardOutcome::Conflict,
            default => CardOutcome::Accepted,
        };
    }
}
