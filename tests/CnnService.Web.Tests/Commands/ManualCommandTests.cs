namespace CnnService.Web.Tests.Commands;

/// <summary>That the commands of the pages are found, and those that are not run named.</summary>
public sealed class ManualCommandTests
{
    private const string Page = """
        Text with `curl nowhere`.

        ```bash
        # A remark.
        curl a \
          -H 'b'                  # c
        curl d -d '{
          "e": "it''s"}'

        for f in 1 2; do
          echo $f
        done
        echo "#" 'x # y'
        ```

        ```python
        print(
            "a")
        ```

        ```csharp
        not.A(command);
        ```
        """;

    [Fact]
    public void Read_APage_FindsWholeCommands() => Assert.Equal(
        [
            (5, "curl a \\\n  -H 'b'                  # c"), (7, "curl d -d '{\n  \"e\": \"it''s\"}'"),
            (10, "for f in 1 2; do\n  echo $f\ndone"),
            (13, "echo \"#\" 'x # y'"), (17, "python3 - <<'PYTHON'\nprint(\n    \"a\")\nPYTHON"),
        ],
        ManualCommand.Read("page.md", Page.ReplaceLineEndings("\n")).Select(command => (command.Line, command.Text)));

    [Fact]
    public void Manual_HasCommands()
    {
        var commands = ManualCommand.Pages.SelectMany(ManualCommand.Of).ToArray();

        Assert.InRange(commands.Count(command => NotRun.Reason(command) is null), 120, int.MaxValue);
        Assert.DoesNotContain(commands, command => command.Text.Contains("```", StringComparison.Ordinal));
    }

    [Fact]
    public void NotRun_NamesCommandsThatAreThere() => Assert.All(NotRun.All, one =>
        Assert.Contains(ManualCommand.Of(one.Page), command => command.Text.StartsWith(one.Start, StringComparison.Ordinal)));
}
