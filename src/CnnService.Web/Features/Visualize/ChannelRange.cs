using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CnnService.Web.Features.Visualize;

/// <summary>A range of channels.</summary>
/// <param name="First">The first channel, from 0.</param>
/// <param name="Last">The last channel, inclusive.</param>
internal readonly record struct ChannelRange(int First, int Last) : IQueryValue<ChannelRange>
{
    public static string Rule => "must be two channels such as 0..15";

    public int Count => Last - First + 1;

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ChannelRange result)
    {
        var (from, to) = (0, 0);
        var isRead = s?.Split("..") is [var first, var last]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out from)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out to);
        result = new(from, to);
        return isRead && from <= to;
    }

    /// <exception cref="FormatException">The text is not a range.</exception>
    public static ChannelRange Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException(Rule);
}
