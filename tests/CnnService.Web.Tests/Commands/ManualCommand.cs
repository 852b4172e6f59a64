using System.Text;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Commands;

/// <summary>A command that stands in a page.</summary>
/// <param name="Page">Path of the page in the repository.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Text">All of its lines.</param>
internal sealed record ManualCommand(string Page, int Line, string Text)
{
    private const string Fence = "```";
    private const string Python = "PYTHON";

    /// <summary>The pages whose commands people copy.</summary>
    public static IReadOnlyList<string> Pages { get; } =
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "docs"), "*.md")
            .Select(path => $"src/docs/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];

    /// <summary>The commands of a page, in their order: those of blocks marked as bash, and programs in Python.</summary>
    public static IReadOnlyList<ManualCommand> Of(string page) => Read(page, File.ReadAllText(Path.Combine(Repository.Root, page)));

    /// <param name="page">Its path, which the commands carry.</param>
    /// <param name="text">Markdown.</param>
    public static IReadOnlyList<ManualCommand> Read(string page, string text)
    {
        var commands = new List<ManualCommand>();
        var (isShell, isPython, begun, first) = (false, false, new StringBuilder(), 0);
        foreach (var (index, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                if (isPython)
                {
                    commands.Add(new(page, first, $"python3 - <<'{Python}'\n{begun}{Python}"));
                    begun.Clear();
                }

                (isShell, isPython) = (line == $"{Fence}bash", line == $"{Fence}python");
                continue;
            }

            if (!(isShell || isPython) || (begun.Length == 0 && (line.Length == 0 || line[0] == '#')))
            {
                continue;
            }

            first = begun.Length == 0 ? index + 1 : first;
            begun.Append(line).Append('\n');
            if (isShell && IsWhole(begun.ToString()))
            {
                commands.Add(new(page, first, begun.ToString().TrimEnd()));
                begun.Clear();
            }
        }

        return commands;
    }

    public override string ToString() => $"{Page}:{Line}: {Text}";

    /// <summary>Whether no quote is open, no line to be continued, and no loop begun.</summary>
    private static bool IsWhole(string text)
    {
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (quote == '\0' && character == '#' && at > 0 && char.IsWhiteSpace(text[at - 1]))
            {
                at = text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;
            }
            else if (character == '\\' && quote != '\'')
            {
                at++;
                if (at == text.Length - 1 && text[at] == '\n')
                {
                    return false;
                }
            }
            else if (character is '\'' or '"' && (quote == '\0' || quote == character))
            {
                quote = quote == '\0' ? character : '\0';
            }
        }

        return quote == '\0'
            && (!text.StartsWith("for ", StringComparison.Ordinal) || text.TrimEnd().EndsWith("done", StringComparison.Ordinal));
    }
}
