<?php

declare(strict_types=1);

namespace Plasm\Trust;

use Plasm\Document\NodeCard;
use Plasm\Exception\MalformedException;
use Plasm\Exception\TrustException;
use Plasm\Keys\PublicKey;

/**
 * Whose receipts count: trusted nodes, and of each the last card that was accepted. Nothing in a
 * receipt or a card adds to it. Values; a change is a new one.
 */
final class Trust
{
    /**
     * @param list<TrustedNode>          $nodes
     * @param array<array-key, NodeCard> $cards     by the identity's hex
     * @param array<array-key, string>   $envelopes of these cards, as they came
     */
    private function __construct(
        private readonly array $nodes,
        private readonly array $cards = [],
        private readonly array $envelopes = [],
    ) {
    }

    public static function nobody(): self
    {
        return new self([]);
    }

    /**
     * @param string       $trustFile text of spec/trust.md section 5
     * @param list<string> $cards     envelopes, in the order in which they are offered; those that are
     *                                refused count as not there
     *
     * @throws MalformedException for the file
     */
    public static function fromText(string $trustFile, array $cards = []): self
    {
        $trust = new self(TrustFile::parse($trustFile));
        foreach ($cards as $card) {
            [$trust] = $trust->offer($card);
        }

        return $trust;
    }

    /**
     * The nodes that `plasm trust` and `plasm node` know: trusted_nodes and cards/ of a data folder.
     * Reads only: cards that are accepted later are in cards() and are not written there.
     *
     * @throws TrustException     for files that others than their owner can write
     * @throws MalformedException for a file with a mistake
     */
    public static function fromDataFolder(string $folder): self
    {
        $trust = new self(TrustFile::parse(self::read("$folder/trusted_nodes")));
        foreach ($trust->nodes as $node) {
            $path = "$folder/cards/{$node->identity->hex()}.json";
            if (file_exists($path)) {
                [$trust] = $trust->offer(self::read($path));
            }
        }

        return $trust;
    }

    /**
     * One node, by an identity key that came to you by a way that you trust.
     *
     * @param string $identity "ssh-ed25519 AAAA…" as `plasmd key show identity` has it, or 64 hex digits
     * @param string $level    signed, logged, witnessed or blocked
     *
     * @throws MalformedException
     */
    public static function pin(string $identity, string $level = 'signed', string $name = 'node'): self
    {
        if (!in_array($level, TrustedNode::LEVELS, true)) {
            throw new MalformedException("trust level: found $level, expected one of "
                . implode(', ', TrustedNode::LEVELS));
        }
        $key = str_starts_with($identity, 'ssh-ed25519 ')
            ? PublicKey::fromOpenSsh($identity) : PublicKey::fromHex($identity);

        return new self([new TrustedNode($name, $key, $level)]);
    }

    /**
     * One node by its card, where the card itself came by a way that you trust.
     *
     * @throws MalformedException
     */
    public static function pinCard(string $envelope, string $level = 'signed', string $name = 'node'): self
    {
        $offered = OfferedCard::open($envelope);
        if ($offered->card === null || $offered->against(null, null) !== CardOutcome::Accepted) {
            throw new MalformedException("card: {$offered->reason}");
        }
        [$trust] = self::pin($offered->card->identity->hex(), $level, $name)->offer($envelope);

        return $trust;
    }

    /**
     * With this card, if it is to be accepted.
     *
     * @return array{self, CardOutcome|null} null when its node is not trusted here
     */
    public function offer(string $envelope): array
    {
        $offered = OfferedCard::open($envelope);
        if ($offered->card === null) {
            return [$this, CardOutcome::Malformed];
        }
        $node = $this->byIdentity($offered->card->identity->fingerprint());
        if ($node === null) {
            return [$this, null];
        }
        $hex = $node->identity->hex();
        $outcome = $offered->against($this->cards[$hex] ?? null, $node->cardVersion);
        if ($outcome !== CardOutcome::Accepted) {
            return [$this, $outcome];
        }
        $trust = new self(
            $this->nodes,
            [$hex => $offered->card] + $this->cards,
            [$hex => $envelope] + $this->envelopes,
        );

        return [$trust, $outcome];
    }

    /** @throws TrustException when there is no node of that name */
    public function only(string $name): self
    {
        $nodes = array_values(array_filter($this->nodes, static fn (TrustedNode $node): bool => $node->name === $name));
        if ($nodes === []) {
            throw new TrustException("no node of the name $name is trusted here: add it with plasm trust add");
        }

        return new self($nodes, $this->cards, $this->envelopes);
    }

    /** @return list<TrustedNode> */
    public function nodes(): array
    {
        return $this->nodes;
    }

    public function cardOf(TrustedNode $node): ?NodeCard
    {
        return $this->cards[$node->identity->hex()] ?? null;
    }

    /**
     * The accepted cards as they came: what to keep, and to give to fromText() next time, so that
     * an older card is known for what it is.
     *
     * @return list<string>
     */
    public function cards(): array
    {
        return array_values($this->envelopes);
    }

    /** The node whose identity key has this fingerprint. */
    public function byIdentity(string $fingerprint): ?TrustedNode
    {
        foreach ($this->nodes as $node) {
            if ($node->identity->fingerprint() === $fingerprint) {
                return $node;
            }
        }

        return null;
    }

    private static function read(string $path): string
    {
        clearstatcache(true, $path);
        $status = @lstat($path);
        if ($status === false) {
            throw new TrustException("$path: not there; trust a node first, with plasm trust add");
        }
        if (($status['mode'] & 0170000) !== 0100000 || ($status['mode'] & 0022) !== 0) {
            throw new TrustException("$path: expected a regular file that its owner alone can write (chmod 600)");
        }
        if (function_exists('posix_geteuid') && !in_array($status['uid'], [0, posix_geteuid()], true)) {
            throw new TrustException("$path: belongs to another user, expected you or root");
        }
        $text = @file_get_contents($path, false, null, 0, (1 << 20) + 1);

        return $text === false ? throw new TrustException("$path: can't be read") : $text;
    }
}
