namespace CnnService.Web.Persistence;

/// <summary>Ids that sort by the millisecond they were made in: UUIDs of version 7 (RFC 9562) as 32 hex digits.</summary>
internal static class RunId
{
    private const int Digits = 32;

    public static string New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    /// <summary>Has the form of an id; whether it names anything is another question.</summary>
    public static bool IsId(string id) => id.Length == Digits && id.All(char.IsAsciiHexDigitLower);
}
