using CnnService.Web.Persistence;

namespace CnnService.Web.Hosting;

/// <summary>
/// Words of the command line by which the service starts otherwise: <c>migrate</c> brings the database to its newest form and ends;
/// <c>doctor</c> tells what is lacking and ends; <c>work</c> starts a worker, with <c>--once</c> for one piece of work; those of
/// <see cref="StoreVerbs"/> copy and end. They stand for settings, which may be given too.
/// </summary>
internal static class StartWords
{
    public const string Migrate = "migrate";

    public const string Work = "work";

    public const string Doctor = "doctor";

    /// <summary>The setting that <see cref="Migrate"/> stands for.</summary>
    public const string MigrateSetting = "Migrate";

    /// <summary>The setting that <see cref="Doctor"/> stands for.</summary>
    public const string DoctorSetting = "Doctor";

    private const string Once = "--once";

    private static readonly string[] OwnAddress = ["urls", "ASPNETCORE_URLS", "DOTNET_URLS", "ASPNETCORE_HTTP_PORTS"];

    public static bool IsKnown(string word) => word is Migrate or Work or Doctor or Quickstart.Verb || StoreVerbs.IsKnown(word);

    /// <summary>The command line as settings.</summary>
    public static string[] ToSettings(string[] args) => args switch
    {
        [Migrate, .. var rest] => [$"--{MigrateSetting}=true", .. Plain(rest)],
        [Doctor, .. var rest] => [$"--{DoctorSetting}=true", .. Plain(rest)],
        [Work, .. var rest] when rest.Contains(Once) => [.. WorkerOnce(rest), .. Plain(rest.Where(arg => arg != Once))],
        [Work, .. var rest] => ["--Host:Roles:0=worker", .. Plain(rest)],
        [var word, .. var rest] when StoreVerbs.IsKnown(word) => [.. StoreVerbs.ToSettings(word, rest)],
        _ => [.. Plain(args)],
    };

    /// <summary>
    /// One piece of work needs no address that others know: it takes a free one, so that several such workers find room on a machine.
    /// </summary>
    private static string[] WorkerOnce(string[] rest)
    {
        string[] settings = ["--Host:Roles:0=worker", "--Worker:Once=true", "--Host:DrainTime=00:00:00"];
        var isTold = rest.Any(arg => arg.StartsWith("--urls", StringComparison.OrdinalIgnoreCase))
            || OwnAddress.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        return isTold ? settings : [.. settings, "--urls=http://127.0.0.1:0"];
    }

    /// <summary>As a word alone, recovery would take the argument after it for its value.</summary>
    private static IEnumerable<string> Plain(IEnumerable<string> args) =>
        args.Select(arg => arg == StoreStart.Argument ? $"{arg}=true" : arg);
}
