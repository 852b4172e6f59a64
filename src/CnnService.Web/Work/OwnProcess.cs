using System.Diagnostics;

namespace CnnService.Web.Work;

/// <summary>Starts the service's own executable with a verb, for work that must not take the service down with it.</summary>
internal static class OwnProcess
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    /// <summary>
    /// How often libtorch's OpenMP threads poll for work before they sleep. By default they spin for milliseconds: two trainings on the
    /// same cores, or a training beside a service under load, then take twice as long, while a single one gains nothing.
    /// </summary>
    private const string MaxSpins = "1000";

    /// <summary>A command with all three standard streams redirected.</summary>
    public static ProcessStartInfo Start(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // "dotnet X.dll" needs the assembly's path as an argument; an app host does not.
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
            start.Environment[SpinCount] = MaxSpins;
        }

        return start;
    }

    /// <summary>Passes configuration sections to the child as environment variables.</summary>
    public static void PassConfiguration(ProcessStartInfo start, IConfiguration configuration, IEnumerable<string> sections)
    {
        foreach (var (key, value) in sections.SelectMany(section => configuration.GetSection(section).AsEnumerable()))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
    }

    /// <summary>
    /// Limits the process's private memory and disables core dumps, by the shell's ulimit. Linux only; elsewhere the heap limit of the
    /// garbage collector is the only one.
    /// </summary>
    /// <param name="start">Modified in place.</param>
    /// <param name="bytes">Private, writable memory in bytes.</param>
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

    /// <summary>Compares the whole file name: what follows a dot is not necessarily an extension.</summary>
    private static bool IsOwnHost() => Path.GetFileName(Environment.ProcessPath) is { } file
        && typeof(OwnProcess).Assembly.GetName().Name is { } own
        && (file == own || file == $"{own}.exe");
}
