using CnnService.Core.Datasets;
using CnnService.Imaging.Import;

namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>Names that a zip declares beside the usual place.</summary>
public sealed class ZipUnicodeNamesTests : IDisposable
{
    /// <summary>
    /// Four images whose names are letters and digits in the usual place (%U043A%U043E%U0442/0.png, as Apache Commons Compress writes what
    /// a code page lacks) and Cyrillic in the extra field 0x7075; made with Python's zipfile.
    /// </summary>
    private const string Escaped =
        "UEsDBBQAAAAAAAAAIVDDZFUxSAAAAEgAAAAYABUAJVUwNDNBJVUwNDNFJVUwNDQyLzAucG5ndXARAAGqC/UK0LrQvtGCLzAucG5niVBORw0KGgoAAAAN" +
        "SUhEUgAAAAIAAAACCAIAAAD91JpzAAAAD0lEQVR42mNgEDkBQhAKABT+A3H2h4jGAAAAAElFTkSuQmCCUEsDBBQAAAAAAAAAIVC3NIOmSQAAAEkAAAAY" +
        "ABUAJVUwNDNBJVUwNDNFJVUwNDQyLzEucG5ndXARAAEaIpU30LrQvtGCLzEucG5niVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElE" +
        "QVR42mNgFDkBRAwQCgAVHgN1JEjQaAAAAABJRU5ErkJgglBLAwQUAAAAAAAAACFQWuar7UkAAABJAAAAGAAVACVVMDQzRiVVMDQ1MSVVMDQ0MS8wLnBu" +
        "Z3VwEQAB2Mes89C/0ZHRgS8wLnBuZ4lQTkcNChoKAAAADUlIRFIAAAACAAAAAggCAAAA/dSacwAAABBJREFUeNpjMBI5AUQMEAoAGz4EOSpG6FYAAAAA" +
        "SUVORK5CYIJQSwMEFAAAAAAAAAAhULj3YxJJAAAASQAAABgAFQAlVTA0M0YlVTA0NTElVTA0NDEvMS5wbmd1cBEAAWjuzM7Qv9GR0YEvMS5wbmeJUE5H" +
        "DQoaCgAAAA1JSERSAAAAAgAAAAIIAgAAAP3UmnMAAAAQSURBVHjaYzAWOQFEDBAKABteBD1m+twQAAAAAElFTkSuQmCCUEsBAhQDFAAAAAAAAAAhUMNk" +
        "VTFIAAAASAAAABgAFQAAAAAAAAAAAIABAAAAACVVMDQzQSVVMDQzRSVVMDQ0Mi8wLnBuZ3VwEQABqgv1CtC60L7Rgi8wLnBuZ1BLAQIUAxQAAAAAAAAA" +
        "IVC3NIOmSQAAAEkAAAAYABUAAAAAAAAAAACAAZMAAAAlVTA0M0ElVTA0M0UlVTA0NDIvMS5wbmd1cBEAARoilTfQutC+0YIvMS5wbmdQSwECFAMUAAAA" +
        "AAAAACFQWuar7UkAAABJAAAAGAAVAAAAAAAAAAAAgAEnAQAAJVUwNDNGJVUwNDUxJVUwNDQxLzAucG5ndXARAAHYx6zz0L/RkdGBLzAucG5nUEsBAhQD" +
        "FAAAAAAAAAAhULj3YxJJAAAASQAAABgAFQAAAAAAAAAAAIABuwEAACVVMDQzRiVVMDQ1MSVVMDQ0MS8xLnBuZ3VwEQABaO7MztC/0ZHRgS8xLnBuZ1BL" +
        "BQYAAAAABAAEAGwBAABPAgAAAAA=";

    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Fact]
    public async Task Import_OfAZipThatDeclaresItsNames_TakesThese()
    {
        var path = Write(Convert.FromBase64String(Escaped));

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path);

        Assert.Equal(["кот", "пёс"], imported.Value.Classes);
        Assert.Equal(4, imported.Value.Images.Count);
    }

    [Fact]
    public void Read_OfANameThatStandsForAnother_LeavesTheUsualOne()
    {
        var archive = Convert.FromBase64String(Escaped);
        archive[archive.AsSpan().LastIndexOf("%U043F"u8)] = (byte)'x'; // The last header's name: its checksum is another one's now.

        Assert.Equal([0, 1, 2], ZipUnicodeNames.Read(Write(archive)).Keys.Order());
    }

    [Fact]
    public void Read_OfAnArchiveThatIsDamagedAnywhere_GivesNamesOrNone()
    {
        var whole = Convert.FromBase64String(Escaped);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0xFF;
            Assert.InRange(ZipUnicodeNames.Read(Write(damaged)).Count, 0, 4);
            Assert.InRange(ZipUnicodeNames.Read(Write(whole[..at])).Count, 0, 4);
        }
    }

    private string Write(byte[] content)
    {
        var path = Path.Combine(_imaging.Folder, "names.zip");
        File.WriteAllBytes(path, content);
        return path;
    }
}
