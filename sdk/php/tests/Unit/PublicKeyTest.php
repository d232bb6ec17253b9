<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\MalformedException;
use Plasm\Keys\PublicKey;

final class PublicKeyTest extends TestCase
{
    private const HEX = '1225eaa750fe54f304c338876f172b541ca9742b2f7aa1634eb7ddd9b8f05319';

    public function testHasTheFormsThatOtherProgramsKnow(): void
    {
        $key = PublicKey::fromHex(self::HEX);
        self::assertSame('SHA256:7I/f7RENNu1QMPN5joX/JtSpk27x1p8LC2i6cXlsfXE', $key->fingerprint());
        self::assertTrue($key->equals(PublicKey::fromOpenSsh($key->openSsh())));
        $der = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00" . $key->bytes;
        $pem = "-----BEGIN PUBLIC KEY-----\n" . base64_encode($der) . "\n-----END PUBLIC KEY-----\n";
        self::assertNotFalse(openssl_pkey_get_public($pem));
        self::assertSame('sha256//' . base64_encode(hash('sha256', $der, true)), $key->pin());
    }

    /** @return iterable<string, array{\Closure(): PublicKey}> */
    public static function wrong(): iterable
    {
        $right = PublicKey::fromHex(self::HEX)->openSsh();
        yield 'upper case' => [static fn (): PublicKey => PublicKey::fromHex(strtoupper(self::HEX))];
        yield 'a digit less' => [static fn (): PublicKey => PublicKey::fromHex(substr(self::HEX, 1))];
        yield 'a line feed' => [static fn (): PublicKey => PublicKey::fromHex(self::HEX . "\n")];
        yield 'a comment' => [static fn (): PublicKey => PublicKey::fromOpenSsh("$right me@here")];
        yield 'another kind' => [static fn (): PublicKey => PublicKey::fromOpenSsh(str_replace('ssh-ed25519', 'ssh-rsa', $right))];
        yield 'nothing behind the kind' => [static fn (): PublicKey => PublicKey::fromOpenSsh('ssh-ed25519 ')];
        yield '31 bytes' => [static fn (): PublicKey => PublicKey::fromBytes(str_repeat('a', 31))];
    }

    /** @dataProvider wrong */
    public function testTakesNoOtherForm(\Closure $read): void
    {
        $this->expectException(MalformedException::class);
        $read();
    }

    public function testASignatureOfAnotherLengthIsNone(): void
    {
        $pair = sodium_crypto_sign_keypair();
        $key = PublicKey::fromBytes(sodium_crypto_sign_publickey($pair));
        $signature = sodium_crypto_sign_detached('text', sodium_crypto_sign_secretkey($pair));
        self::assertTrue($key->verifies('text', $signature));
        self::assertFalse($key->verifies('text', substr($signature, 1)));
        self::assertFalse($key->verifies('text', "$signature\0"));
        self::assertFalse($key->verifies('text', ''));
    }

    /** The edge cases of C2SP's CCTV collection, which tell Ed25519 verifiers apart. */
    public function testRefusesWhatIsDangerous(): void
    {
        $text = @file_get_contents((getenv('PLASM_SHARED_DIR') ?: '/nonexistent') . '/vectors/ed25519-cctv/ed25519vectors.json');
        if ($text === false) {
            self::markTestSkipped('the published edge cases are not here (PLASM_SHARED_DIR)');
        }
        $accepted = 0;
        $vectors = json_decode($text, true, 8, JSON_THROW_ON_ERROR);
        self::assertCount(914, $vectors);
        foreach ($vectors as $vector) {
            if (PublicKey::fromHex($vector['key'])->verifies($vector['msg'], (string) hex2bin($vector['sig']))) {
                ++$accepted;
                self::assertSame([], array_intersect($vector['flags'] ?? [], ['low_order_A', 'low_order_R',
                    'non_canonical_A', 'non_canonical_R', 'low_order_residue', 'reencoded_k']));
            }
        }
        self::assertSame(43, $accepted);
    }
}
