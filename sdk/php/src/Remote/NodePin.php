<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Document\NodeCard;
use Plasm\Encoding\Moment;
use Plasm\Exception\DeniedException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\Connection;
use Plasm\Http\Request;
use Plasm\Keys\PublicKey;
use Plasm\Trust\CardOutcome;
use Plasm\Trust\OfferedCard;
use Plasm\Trust\Trust;
use Plasm\Trust\TrustedNode;

/**
 * Which node a server has to be, and which TLS keys it may have: those that the newest accepted
 * card of a trusted node lists (spec/trust.md).
 */
final class NodePin
{
    private ?TrustedNode $node = null;

    /** @param string|null $name of the node; null: the only one that is trusted, or the one that the server says it is */
    public function __construct(private Trust $trust, ?string $name, private readonly Connection $connection)
    {
        $only = $name === null ? $trust : $trust->only($name);
        if (count($only->nodes()) === 1) {
            $this->settle($only->nodes()[0]);
        }
    }

    /** The node alone, with the newest card that was accepted. */
    public function trust(): Trust
    {
        return $this->trust;
    }

    /**
     * The keys that the server may have now.
     *
     * @return list<PublicKey> not empty
     *
     * @throws DeniedException      when the card lists none, or the server is not a trusted node
     * @throws UnavailableException when a card is needed and can't be got
     */
    public function keys(): array
    {
        if ($this->listed() === []) {
            $this->refresh();
        }
        $keys = $this->listed();
        if ($keys === []) {
            throw new DeniedException("the card of {$this->node?->name} lists no TLS key that is valid now");
        }

        return $keys;
    }

    /**
     * Asks the server for its card. Who it is does not matter for that, since the card is signed:
     * it is accepted from a trusted node alone, and never an older one than before.
     *
     * @throws DeniedException
     * @throws UnavailableException
     */
    public function refresh(): void
    {
        $answer = $this->connection->sendAnonymously(new Request('GET', '/v1/node', most: NodeCard::MAX_BYTES))->whole();
        if ($answer->status !== 200) {
            throw new UnavailableException("found the status $answer->status, expected the node's card", $answer->status);
        }
        $offered = OfferedCard::open($answer->body);
        [$trust, $outcome] = $this->trust->offer($answer->body);
        if ($outcome === CardOutcome::Accepted && $offered->card !== null) {
            $this->trust = $trust;
            $node = $trust->byIdentity($offered->card->identity->fingerprint());
            if ($node !== null) {
                $this->settle($node);
            }

            return;
        }
        $shown = $offered->card === null ? 'the server' : $offered->card->identity->fingerprint();
        throw new DeniedException($outcome === null
            ? "the server is the node $shown, which is not the one that is trusted here. If it should be: "
                . "plasm trust add NAME '{$offered->card?->identity->openSsh()}'"
            : "the card of $shown is not accepted: {$outcome->value} {$offered->reason}");
    }

    private function settle(TrustedNode $node): void
    {
        if ($node->level === 'blocked') {
            throw new DeniedException("the node {$node->name} is blocked here: nothing is sent to it");
        }
        $this->node = $node;
        $this->trust = $this->trust->only($node->name);
    }

    /** @return list<PublicKey> */
    private function listed(): array
    {
        $node = $this->node;
        $keys = $node === null ? [] : $this->trust->cardOf($node)?->tlsKeys(Moment::now()) ?? [];

        return array_values(array_filter(
            $keys,
            static fn (PublicKey $key): bool => !isset($node->revoked[$key->fingerprint()]),
        ));
    }
}
