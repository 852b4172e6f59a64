using System.Globalization;

namespace CnnService.Studio.Service;

/// <summary>Numbers as people read them.</summary>
internal static class Words
{
    private const double Kibi = 1024;

    private static readonly string[] Units = ["bytes", "KB", "MB", "GB", "TB"];

    /// <summary>"41 s", "3 min", "2 h 5 min".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "less than a second",
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds)} s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalMinutes)} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h {time.Minutes} min"),
    };

    /// <summary>"3.2 MB".</summary>
    public static string Bytes(long bytes)
    {
        var unit = 0;
        var size = (double)bytes;
        while (size >= Kibi && unit < Units.Length - 1)
        {
            size /= Kibi;
            unit++;
        }

        var rounded = unit == 0 || size >= 100 ? Math.Round(size) : Math.Round(size, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{rounded} {Units[unit]}");
    }

    /// <summary>"12,500".</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 image", "12,500 images".</summary>
    public static string Count(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    /// <summary>"97.3 %" of a share from 0 to 1; one that is not all is never rounded up to all.</summary>
    public static string Percent(double share, int digits = 1)
    {
        var rounded = Math.Round(100 * share, digits);
        var shown = share < 1 && rounded >= 100 ? 100 - Math.Pow(10, -digits) : rounded;
        return $"{shown.ToString($"F{digits}", CultureInfo.InvariantCulture)} %";
    }

    /// <summary>"just now", "5 min ago", "yesterday", "2026-11-03".</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now) => (now - time) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalMinutes: < 60 } past => $"{(int)past.TotalMinutes} min ago",
        { TotalHours: < 24 } past => $"{(int)past.TotalHours} h ago",
        { TotalDays: < 2 } => "yesterday",
        { TotalDays: < 14 } past => $"{(int)past.TotalDays} days ago",
        _ => time.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
