"""The widgets for a page of one's own: one page each, all of them on one, nothing overwritten."""

from tools import widget_bundle


def test_each_widget_has_a_page_and_all_have_one(tmp_path, capsys):
    assert widget_bundle.main([str(tmp_path)]) == 0
    names = widget_bundle.names()
    assert names[:2] == ["W1", "W2"]
    everything = (tmp_path / "index.html").read_text()
    for name in names:
        place = f'<figure class="bpw-figure" data-widget="{name}"><svg'
        assert place in everything
        assert place in (tmp_path / f"{name}.html").read_text()
        assert (tmp_path / "widgets" / f"{name.lower()}.js").is_file()
    assert f"{len(names)} widgets" in capsys.readouterr().out


def test_what_is_there_is_not_overwritten(tmp_path, capsys):
    (tmp_path / "widgets").mkdir()
    assert widget_bundle.main([str(tmp_path)]) == 2
    assert "give another folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["widgets"]
