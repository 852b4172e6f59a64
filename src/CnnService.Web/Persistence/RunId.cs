using System.Globalization;
using System.Security.Cryptography;

namespace CnnService.Web.Persistence;

/// <summary>Ids that sort by the time they were made: 12 hex digits of milliseconds, then 128 random bits.</summary>
internal static class RunId
{
    private const int Digits = 44;

    public static string New(TimeProvider clock) => string.Concat(
        clock.GetUtcNow().ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Has the form of an id; whether it names anything is another question.</summary>
    public static bool IsId(string id) => id.Length == Digits && id.All(char.IsAsciiHexDigitLower);
}
