using System.Diagnostics;

namespace CnnService.Web.Work;

/// <summary>The service's own executable, started again under a verb: for work that must not take the service down with it.</summary>
internal static class OwnProcess
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    /// <summary>
    /// How often a thread of libtorch's looks for its next part before it sleeps. By default it looks for milliseconds: two trainings
    /// on the same cores, or a training beside a service under load, then take twice the time, for nothing gained alone.
    /// </summary>
    private const string FewSpins = "1000";

    /// <summary>Its three streams are the parent's.</summary>
    public static ProcessStartInfo Start(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // "dotnet X.dll" needs the file's name again; a started apphost is the file.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" || !IsOwnHost())
        {
            start.FileName = "dotnet";
            start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (!start.Environment.ContainsKey(SpinCount) && !start.Environment.ContainsKey(WaitPolicy))
        {
            start.Environment[SpinCount] = FewSpins;
        }

        return start;
    }

    /// <summary>Gives the child these sections of the settings, in its environment.</summary>
    public static void HandOver(ProcessStartInfo start, IConfiguration configuration, IEnumerable<string> sections)
    {
        foreach (var (key, value) in sections.SelectMany(section => configuration.GetSection(section).AsEnumerable()))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
    }

    /// <summary>
    /// The same command under limits of the operating system: its private memory, and no core file. Where there is no
    /// <c>/bin/sh</c> the collector's own limit is all there is.
    /// </summary>
    /// <param name="start">Changed in place.</param>
    /// <param name="bytes">Of private, writable memory.</param>
    public static void Limit(ProcessStartInfo start, long bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string[] command = [start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/sh";
        start.ArgumentList.Clear();
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"ulimit -c 0; ulimit -d {bytes >> 10}; exec \"$0\" \"$@\"");
        foreach (var part in command)
        {
            start.ArgumentList.Add(part);
        }
    }

    /// <summary>The whole name is compared: what stands behind a dot may be more than an extension.</summary>
    private static bool IsOwnHost() => Path.GetFileName(Environment.ProcessPath) is { } file
        && typeof(OwnProcess).Assembly.GetName().Name is { } own
        && (file == own || file == $"{own}.exe");
}
