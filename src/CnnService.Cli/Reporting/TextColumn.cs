namespace CnnService.Cli.Reporting;

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="IsNumber">Numbers stand on the right.</param>
internal sealed record TextColumn(string Heading, bool IsNumber = false)
{
    public static implicit operator TextColumn(string heading) => new(heading);

    public static TextColumn Number(string heading) => new(heading, IsNumber: true);
}
