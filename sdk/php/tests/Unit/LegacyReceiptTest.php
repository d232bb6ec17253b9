<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Crypto;
use Plasm\Exception\MalformedException;
use Plasm\Receipt;

/** Receipts v0.1 through the classes of the first system. */
final class LegacyReceiptTest extends TestCase
{
    private const MODULE = 'sha256:dedd6c1463ea83087be69c6863c3e76976a38dbe9708d8d842a72fc6580ccbfc';

    public function testHasAGetterForEachField(): void
    {
        $fields = self::fields();
        $receipt = Receipt::fromJson(self::json($fields));
        self::assertSame('0.1', $receipt->getVersion());
        self::assertSame(self::MODULE, $receipt->getModuleHash());
        self::assertSame(3, $receipt->getExitCode());
        self::assertSame(12, $receipt->getWallTimeMs());
        self::assertSame(1_795_513_500, $receipt->getTimestamp());
        self::assertSame($fields['node_pubkey'], $receipt->getNodePubkey());
        self::assertSame($fields['signature'], $receipt->getSignature());
        self::assertFalse($receipt->isSuccess());
        self::assertTrue($receipt->isLegacy());
        self::assertSame(self::json($fields), $receipt->toJson());
    }

    public function testIsVerifiedByTheKeyThatIsGiven(): void
    {
        $fields = self::fields();
        $receipt = Receipt::fromJson(self::json($fields));
        self::assertTrue($receipt->verify($fields['node_pubkey']));
        self::assertTrue(Crypto::verifyReceipt($receipt));
        self::assertFalse($receipt->verify(str_repeat('ab', 32)));
        self::assertFalse($receipt->verify(strtoupper($fields['node_pubkey'])));
        self::assertFalse($receipt->verify(''));
    }

    public function testIsNotVerifiedWhenNobodyVouchesForItsKey(): void
    {
        self::assertFalse(Receipt::fromJson(self::json(self::fields()))->verify());
    }

    public function testRefusesTheLocalExecutionThatWasAlwaysValid(): void
    {
        $this->expectException(MalformedException::class);
        Receipt::fromJson(self::json(['node_pubkey' => 'local_execution', 'signature' => 'unsigned'] + self::fields()));
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function juggled(): iterable
    {
        yield 'a number as a string' => [['exit_code' => '3']];
        yield 'a number as a string with an exponent' => [['exit_code' => '0e1']];
        yield 'true' => [['exit_code' => true]];
        yield 'null' => [['wall_time_ms' => null]];
        yield 'a version as a number' => [['version' => 1]];
        yield 'a list' => [['signature' => ['a']]];
        yield 'too large an exit code' => [['exit_code' => 256]];
        yield 'a negative time' => [['timestamp' => -1]];
        yield 'one member more' => [['more' => 1]];
        yield 'a hash in upper case' => [['module_hash' => 'sha256:' . str_repeat('A', 64)]];
        yield 'a line feed at the end' => [['version' => "0.1\n"]];
    }

    /**
     * @dataProvider juggled
     *
     * @param array<string, mixed> $change
     */
    public function testTakesNoValueForAnother(array $change): void
    {
        $this->expectException(MalformedException::class);
        Receipt::fromJson(self::json($change + self::fields()));
    }

    public function testTakesNumbersThatPhpCanNotHold(): void
    {
        $pair = sodium_crypto_sign_keypair();
        $large = '18446744073709551615';
        $digest = hash('sha256', '0.1|' . self::MODULE . "|0|$large|1", true);
        $signature = bin2hex(sodium_crypto_sign_detached($digest, sodium_crypto_sign_secretkey($pair)));
        $key = bin2hex(sodium_crypto_sign_publickey($pair));
        $json = '{"version":"0.1","module_hash":"' . self::MODULE . '","exit_code":0,"wall_time_ms":' . $large
            . ',"timestamp":1,"node_pubkey":"' . $key . '","signature":"' . $signature . '"}';
        $receipt = Receipt::fromJson($json);
        self::assertTrue($receipt->verify($key));
        self::assertSame($large, $receipt->legacy()?->wallTimeMs);
        $this->expectException(\RangeException::class);
        $receipt->getWallTimeMs();
    }

    public function testTheReceiptsOfTheFirstSystemAreStillGood(): void
    {
        $files = glob((getenv('PLASM_SHARED_DIR') ?: '/nonexistent') . '/vectors/receipt-v1/*.json') ?: [];
        if ($files === []) {
            self::markTestSkipped('the receipts of the first system are not here (PLASM_SHARED_DIR)');
        }
        foreach ($files as $file) {
            $receipt = Receipt::fromJson((string) file_get_contents($file));
            self::assertTrue($receipt->verify($receipt->getNodePubkey()), $file);
            self::assertFalse($receipt->verify(), $file);
        }
        self::assertGreaterThanOrEqual(4, count($files));
    }

    public function testVerifySignatureIsOverTheDigestOfTheMessage(): void
    {
        $pair = sodium_crypto_sign_keypair();
        $key = bin2hex(sodium_crypto_sign_publickey($pair));
        $secret = sodium_crypto_sign_secretkey($pair);
        $overDigest = bin2hex(sodium_crypto_sign_detached(hash('sha256', 'text', true), $secret));
        $overText = bin2hex(sodium_crypto_sign_detached('text', $secret));
        self::assertTrue(Crypto::verifySignature('text', $overDigest, $key));
        self::assertFalse(Crypto::verifySignature('text', $overText, $key));
        self::assertFalse(Crypto::verifySignature('texts', $overDigest, $key));
        $this->expectException(MalformedException::class);
        Crypto::verifySignature('text', substr($overDigest, 2), $key);
    }

    /** @return array<string, mixed> */
    private static function fields(): array
    {
        $pair = sodium_crypto_sign_seed_keypair(str_repeat("\1", 32));
        $digest = hash('sha256', '0.1|' . self::MODULE . '|3|12|1795513500', true);

        return ['version' => '0.1', 'module_hash' => self::MODULE, 'exit_code' => 3, 'wall_time_ms' => 12,
            'timestamp' => 1_795_513_500, 'node_pubkey' => bin2hex(sodium_crypto_sign_publickey($pair)),
            'signature' => bin2hex(sodium_crypto_sign_detached($digest, sodium_crypto_sign_secretkey($pair)))];
    }

    /** @param array<string, mixed> $fields */
    private static function json(array $fields): string
    {
        return json_encode($fields, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
    }
}
