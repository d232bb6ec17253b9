<?php

declare(strict_types=1);

namespace Plasm\Trust;

use Plasm\Encoding\Base64;
use Plasm\Encoding\Moment;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;
use Plasm\Keys\PublicKey;

/** Reads the file of trusted nodes: spec/trust.md section 5. Pure. */
final class TrustFile
{
    private const MAX_BYTES = 1 << 20;
    private const MAX_VERSION = (1 << 53) - 1;

    /**
     * @return list<TrustedNode> in the order of the lines
     *
     * @throws MalformedException that names the line: a file with a mistake is refused as a whole
     */
    public static function parse(string $text): array
    {
        if (strlen($text) > self::MAX_BYTES || !Utf8::isValid($text) || str_starts_with($text, "\u{FEFF}")) {
            throw new MalformedException('trust file: expected at most 1 MiB of UTF-8 without a byte order mark');
        }
        $nodes = $names = $identities = [];
        foreach (explode("\n", $text) as $index => $line) {
            try {
                $node = self::line($line);
                if ($node === null) {
                    continue;
                }
                if (isset($names[$node->name]) || isset($identities[$node->identity->hex()])) {
                    throw new MalformedException('a name or an identity key for the second time');
                }
            } catch (MalformedException $error) {
                throw new MalformedException('trust file, line ' . ($index + 1) . ': ' . $error->getMessage());
            }
            $names[$node->name] = $identities[$node->identity->hex()] = true;
            $nodes[] = $node;
        }

        return $nodes;
    }

    private static function line(string $line): ?TrustedNode
    {
        if (Utf8::hasControls(str_replace("\t", ' ', $line))) {
            throw new MalformedException('a control character');
        }
        $words = preg_split('/[ \t]+/', explode('#', $line, 2)[0], -1, PREG_SPLIT_NO_EMPTY) ?: [];
        if ($words === []) {
            return null;
        }
        if (count($words) < 4 || strlen($words[0]) > 255) {
            throw new MalformedException('expected a name of at most 255 bytes, ssh-ed25519, key, level');
        }
        $identity = PublicKey::fromOpenSsh("$words[1] $words[2]");
        if (!in_array($words[3], TrustedNode::LEVELS, true)) {
            throw new MalformedException('found the level ' . Utf8::quote($words[3]) . ', expected one of '
                . implode(', ', TrustedNode::LEVELS));
        }
        $version = $operator = null;
        $revoked = [];
        foreach (array_slice($words, 4) as $option) {
            if (preg_match('/^card=([1-9][0-9]{0,15})$/D', $option, $match) === 1 && $version === null
                && (int) $match[1] <= self::MAX_VERSION) {
                $version = (int) $match[1];
            } elseif (preg_match('/^operator=([A-Za-z0-9._+-]{1,64})$/D', $option, $match) === 1
                && $operator === null) {
                $operator = $match[1];
            } elseif (preg_match('/^revoked=(SHA256:[A-Za-z0-9+\/]{43})@(.*)$/Ds', $option, $match) === 1
                && self::isFingerprint($match[1]) && !isset($revoked[$match[1]])
                && $match[1] !== $identity->fingerprint()) {
                $revoked[$match[1]] = Moment::parse($match[2])
                    ?? throw new MalformedException('found no time in ' . Utf8::quote($option));
            } else {
                throw new MalformedException('found the option ' . Utf8::quote($option)
                    . ', expected card=VERSION or operator=NAME once, or revoked=FINGERPRINT@TIME once for a key');
            }
        }

        return new TrustedNode($words[0], $identity, $words[3], $version, $revoked, $operator);
    }

    private static function isFingerprint(string $text): bool
    {
        return Base64::decode(substr($text, strlen('SHA256:')) . '=') !== null;
    }
}
