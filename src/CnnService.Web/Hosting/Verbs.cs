namespace CnnService.Web.Hosting;

/// <summary>
/// What the executable does instead of serving, by its first word. Without one, or with <see cref="Quickstart.Verb"/>, it serves.
/// </summary>
internal sealed class Verbs : Dictionary<string, Func<string[], Task<int>>>
{
    private const int Unknown = 2;

    /// <summary>The exit code of the verb that the command line names; null where the service is to start.</summary>
    public async Task<int?> RunAsync(string[] args)
    {
        if (args.FirstOrDefault() is not { Length: > 0 } word || word[0] is '-' or '/' || word == Quickstart.Verb)
        {
            return null;
        }

        if (args.Length > 1 && TryGetValue(word, out var run))
        {
            return await run(args[1..]);
        }

        await Console.Error.WriteLineAsync(
            $"CnnService does not know '{word}'; it takes settings (--urls=…) and the word {Quickstart.Verb}.");
        return Unknown;
    }
}
