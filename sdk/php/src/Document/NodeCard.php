<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Encoding\Decimal;
use Plasm\Encoding\Moment;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;
use Plasm\Keys\PublicKey;

/** What a node says of itself and its keys: spec/trust.md section 3. */
final class NodeCard
{
    public const MAX_BYTES = 65_536;
    private const MAX_PER_LIST = 64;
    private const MAX_REVOKED = 1024;
    private const MAX_VERSION = (1 << 53) - 1;

    /**
     * @param list<CardKey>                                         $keys
     * @param array<array-key, array{at: Moment, logSize: ?string}> $revoked   by the key's hex
     * @param list<string>                                          $endpoints https:// addresses
     * @param array<array-key, string>                              $labels
     * @param string                                                $payload   the bytes that were signed
     */
    private function __construct(
        public readonly PublicKey $identity,
        public readonly string $name,
        public readonly int $version,
        public readonly Moment $issued,
        public readonly Moment $expires,
        public readonly array $keys,
        public readonly array $revoked,
        public readonly array $endpoints,
        public readonly string $engine,
        public readonly string $arch,
        public readonly array $labels,
        public readonly string $payload,
    ) {
    }

    /**
     * Reads the payload of an envelope, whose signature is checked elsewhere.
     *
     * @throws MalformedException
     */
    public static function parse(string $payload): self
    {
        $node = Node::parse($payload, 'card', new JsonLimits(self::MAX_BYTES));
        $node->members(['type', 'identity', 'name', 'version', 'issued', 'expires', 'keys', 'revoked', 'endpoints',
            'capabilities']);
        $node->get('type')->is('urn:plasm:card:v1');
        $identity = PublicKey::fromHex($node->get('identity')->digest());
        $issued = $node->get('issued')->time();
        $expires = $node->get('expires')->time();
        if ($issued->milliseconds > $expires->milliseconds) {
            $node->get('expires')->refuse($expires->toString(), 'a time not before ' . $issued->toString());
        }
        $about = $node->get('capabilities')
            ->members(['engine', 'arch', 'profiles', 'labels'], ['cores', 'memoryMib', 'cpu', 'policy']);
        self::checkMachine($about);
        foreach ($about->get('profiles')->items(self::MAX_PER_LIST) as $profile) {
            $profile->text(0, 255);
        }

        return new self(
            $identity,
            $node->get('name')->text(1, 255),
            $node->get('version')->integer(1, self::MAX_VERSION),
            $issued,
            $expires,
            self::keys($node->get('keys'), $identity),
            self::revoked($node->get('revoked'), $identity),
            array_map(static function (Node $item): string {
                return strlen($item->string()) <= 1024
                    ? $item->matching('https://[\x21-\x7e]+', 'an https:// address')
                    : $item->refuse('a long address', 'at most 1024 characters');
            }, $node->get('endpoints')->items(self::MAX_PER_LIST)),
            $about->get('engine')->text(1, 255),
            $about->get('arch')->text(1, 255),
            self::labels($about->get('labels')),
            $payload,
        );
    }

    /** What is said for those who look for a node, and nobody here uses. */
    private static function checkMachine(Node $about): void
    {
        foreach (['cores' => 65536, 'memoryMib' => 2 ** 32 - 1] as $member => $most) {
            if ($about->has($member)) {
                $about->get($member)->integer(1, $most);
            }
        }
        foreach ($about->has('cpu') ? $about->get('cpu')->items(self::MAX_PER_LIST) : [] as $feature) {
            $feature->text(1, 255);
        }
        if ($about->has('policy') && !in_array($about->get('policy')->string(), ['open', 'invitation'], true)) {
            $about->get('policy')->refuse($about->get('policy')->string(), '"open" or "invitation"');
        }
    }

    /** The key of this use with this fingerprint, revoked or not. */
    public function find(string $use, string $fingerprint): ?CardKey
    {
        foreach ($this->keys as $key) {
            if ($key->use === $use && $key->key->fingerprint() === $fingerprint) {
                return $key;
            }
        }

        return null;
    }

    /** @return list<CardKey> that sign the log of this origin */
    public function logKeys(string $origin): array
    {
        return array_values(array_filter(
            $this->keys,
            static fn (CardKey $key): bool => $key->use === 'log' && $key->origin === $origin,
        ));
    }

    /**
     * The keys that a server may show at this time, the one that became valid last first.
     *
     * @return list<PublicKey>
     */
    public function tlsKeys(Moment $now): array
    {
        $keys = array_filter($this->keys, fn (CardKey $key): bool => $key->use === 'tls'
            && $key->isValidAt($now) && !isset($this->revoked[$key->key->hex()]));
        usort($keys, static fn (CardKey $a, CardKey $b): int => $b->from->milliseconds <=> $a->from->milliseconds);

        return array_map(static fn (CardKey $key): PublicKey => $key->key, $keys);
    }

    /** @return list<CardKey> */
    private static function keys(Node $node, PublicKey $identity): array
    {
        $keys = [];
        $seen = [$identity->hex() => true];
        $origins = [];
        foreach ($node->items(self::MAX_PER_LIST) as $item) {
            $key = CardKey::read($item);
            if (isset($seen[$key->key->hex()]) || ($key->origin !== null && isset($origins[$key->origin]))) {
                $item->refuse('a key or an origin twice', 'each once');
            }
            $seen[$key->key->hex()] = true;
            if ($key->origin !== null) {
                $origins[$key->origin] = true;
            }
            $keys[] = $key;
        }
        if ($keys === []) {
            $node->refuse('no key', 'one at least');
        }

        return $keys;
    }

    /** @return array<array-key, array{at: Moment, logSize: ?string}> */
    private static function revoked(Node $node, PublicKey $identity): array
    {
        $revoked = [];
        foreach ($node->items(self::MAX_REVOKED) as $item) {
            $item->members(['key', 'at'], ['logSize']);
            $key = $item->get('key')->digest();
            if (isset($revoked[$key]) || $key === $identity->hex()) {
                $item->refuse('a key twice, or the identity', 'other keys, each once');
            }
            $revoked[$key] = [
                'at' => $item->get('at')->time(),
                'logSize' => $item->has('logSize') ? $item->get('logSize')->decimal(Decimal::BELOW_2_63) : null,
            ];
        }

        return $revoked;
    }

    /** @return array<array-key, string> */
    private static function labels(Node $node): array
    {
        $labels = [];
        foreach ($node->object()->names() as $name) {
            $labels[$name] = $node->get($name)->text(0, 255);
            if (strlen($name) > 255 || Utf8::hasControls($name) || count($labels) > self::MAX_PER_LIST) {
                $node->refuse('a name that is too long, or too many', 'at most 64, of at most 255 bytes');
            }
        }

        return $labels;
    }
}
