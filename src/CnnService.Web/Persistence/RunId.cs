namespace CnnService.Web.Persistence;

/// <summary>Ids that sort by creation time in milliseconds: version 7 UUIDs (RFC 9562) as 32 hexadecimal digits.</summary>
internal static class RunId
{
    private const int Digits = 32;

    public static string New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    /// <summary>Whether a text has the form of an id; such a resource need not exist.</summary>
    public static bool IsId(string id) => id.Length == Digits && id.All(char.IsAsciiHexDigitLower);
}
