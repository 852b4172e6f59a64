using System.Globalization;

namespace CnnService.Cli.Reporting;

/// <summary>How numbers are written for people.</summary>
internal static class Words
{
    private const double Kibi = 1024;

    private static readonly string[] ByteUnits = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary><c>12 s</c>, <c>1:02 min</c> or <c>3:04:05 h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = (long)Math.Round(Math.Clamp(time.TotalSeconds, 0, TimeSpan.MaxValue.TotalSeconds));
        var (minutes, hours) = (seconds / 60, seconds / 3600);
        return seconds < 60 ? $"{seconds} s"
            : hours < 1 ? $"{minutes}:{seconds % 60:00} min"
            : $"{hours}:{minutes % 60:00}:{seconds % 60:00} h";
    }

    /// <summary><c>12 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * share):F0} %");

    /// <summary><c>210 images/s</c>; below ten with a decimal.</summary>
    public static string Speed(double imagesPerSecond) => imagesPerSecond < 10
        ? string.Create(CultureInfo.InvariantCulture, $"{imagesPerSecond:F1} images/s")
        : string.Create(CultureInfo.InvariantCulture, $"{imagesPerSecond:F0} images/s");

    /// <summary>In the largest unit that leaves one or more: <c>1.5 GiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        for (; bytes >= Kibi && unit < ByteUnits.Length - 1; unit++)
        {
            bytes /= Kibi;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(bytes, 1)} {ByteUnits[unit]}");
    }
}
