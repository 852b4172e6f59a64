namespace CnnService.Cli.Reporting;

/// <summary>Takes what people are to read.</summary>
internal interface IText
{
    void Line(string text);

    void Table(TextTable table);
}
