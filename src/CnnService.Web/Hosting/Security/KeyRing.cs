using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting.Security;

/// <summary>Finds the entry of a key. Immutable, thread safe.</summary>
internal sealed class KeyRing(IOptions<AuthOptions> options)
{
    private readonly (ApiKey Key, byte[] Hash)[] _entries =
        [.. options.Value.Keys.Select(key => (key, Convert.FromHexString(key.Sha256)))];

    public bool IsEmpty => _entries.Length == 0;

    /// <summary>Compares with every entry, in a time that does not depend on how much of a hash agrees.</summary>
    public ApiKey? Find(string presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        ApiKey? found = null;
        foreach (var (key, expected) in _entries)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, expected) ? key : found;
        }

        return found;
    }
}
