using CnnService.Core.Common;

namespace CnnService.Cli.Reporting;

/// <summary>Plain lines, without an escape sequence: for files, pipes, logs, and terminals that want no colours.</summary>
/// <param name="writer">Takes the lines.</param>
internal sealed class PlainSurface(TextWriter writer) : ISurface
{
    private const string Gap = "  ";

    public void Line(string text) => writer.WriteLine(text);

    public void Table(TextTable table)
    {
        string[] headings = [.. table.Columns.Select(column => column.Heading)];
        int[] widths = [.. headings.Select((heading, i) => table.Rows.Select(row => row[i].Length).Append(heading.Length).Max())];
        foreach (var row in table.Rows.Prepend(headings))
        {
            var cells = row.Select((cell, i) => table.Columns[i].IsNumber ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            writer.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }

    public void Problem(Problem problem)
    {
        writer.WriteLine($"{problem.Code}: {problem.Detail}");
        foreach (var (path, rules) in problem.Errors)
        {
            writer.WriteLine($"{Gap}{path}: {string.Join("; ", rules)}");
        }
    }

    public Task<T> FollowAsync<T>(Func<IProgressDisplay, Task<T>> work) => work(new PlainDisplay(writer));
}
