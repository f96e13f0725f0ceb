"""Applications from the first word to the pool: partners, stages, interviews."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import workers.models.applications


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_search_keys'),
        ('workers', '0011_qualifications'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApplicationDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(default=workers.models.applications.new_nonce, editable=False, max_length=64, unique=True)),
                ('data', models.JSONField(blank=True, default=dict, verbose_name='内容')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='推荐码')),
                ('created_at', models.DateTimeField(verbose_name='开始时间')),
                ('updated_at', models.DateTimeField(db_index=True, verbose_name='更新时间')),
            ],
            options={
                'verbose_name': '未提交的报名',
                'verbose_name_plural': '未提交的报名',
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('kind', models.CharField(choices=[('direct', '自主报名'), ('student', '高校学生'), ('training', '培训机构'), ('career', '转行人员'), ('partner', '合作渠道')], default='partner', max_length=8, verbose_name='类型')),
                ('contact', models.CharField(blank=True, max_length=120, verbose_name='联系人')),
                ('cost_per_active', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=8, verbose_name='每位入库人员费用（元）')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '合作渠道',
                'verbose_name_plural': '合作渠道',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RecruitPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('applied_days', models.PositiveSmallIntegerField(default=1, verbose_name='审核报名的天数')),
                ('documents_days', models.PositiveSmallIntegerField(default=5, verbose_name='核对资料的天数')),
                ('interview_days', models.PositiveSmallIntegerField(default=5, verbose_name='完成面试的天数')),
                ('training_days', models.PositiveSmallIntegerField(default=14, verbose_name='完成培训的天数')),
                ('keep_days', models.PositiveSmallIntegerField(default=180, verbose_name='未录用或撤回的报名保留天数')),
                ('draft_days', models.PositiveSmallIntegerField(default=14, verbose_name='未提交的报名保留天数')),
                ('forms_an_hour', models.PositiveSmallIntegerField(default=30, verbose_name='同一网络每小时可开始的报名数')),
                ('guesses_an_hour', models.PositiveSmallIntegerField(default=30, verbose_name='同一网络每小时可打开的无效报名链接数')),
                ('interviewers', models.PositiveSmallIntegerField(default=2, verbose_name='每次面试最多几位面试官')),
            ],
            options={
                'verbose_name': '招聘参数',
                'verbose_name_plural': '招聘参数',
            },
        ),
        migrations.CreateModel(
            name='RubricGrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('skill', models.CharField(choices=[('logic', '逻辑思维'), ('empathy', '同理心'), ('multitasking', '多任务处理'), ('communication', '沟通表达'), ('emotion', '情绪管理'), ('time', '时间管理'), ('adaptability', '适应能力')], max_length=14, verbose_name='软技能')),
                ('grade', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='等级')),
                ('text_zh', models.CharField(max_length=120, verbose_name='中文说明')),
                ('text_en', models.CharField(max_length=160, verbose_name='英文说明')),
            ],
            options={
                'verbose_name': '面试评分标准',
                'verbose_name_plural': '面试评分标准',
                'ordering': ['skill', 'grade'],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, db_index=True, max_length=11, verbose_name='手机号')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='邮箱')),
                ('source', models.CharField(choices=[('direct', '自主报名'), ('student', '高校学生'), ('training', '培训机构'), ('career', '转行人员'), ('partner', '合作渠道')], default='direct', max_length=8, verbose_name='来源')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='推荐码')),
                ('remote_ok', models.BooleanField(default=False, verbose_name='可远程')),
                ('answers', models.JSONField(blank=True, default=dict, verbose_name='自述')),
                ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='语言')),
                ('status', models.CharField(choices=[('applied', '待审核'), ('documents', '资料'), ('interview', '面试'), ('training', '培训'), ('active', '已入库'), ('rejected', '未录用'), ('withdrawn', '已撤回'), ('merged', '已合并')], default='applied', max_length=9, verbose_name='阶段')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='处理期限')),
                ('created_at', models.DateTimeField(verbose_name='报名时间')),
                ('stage_at', models.DateTimeField(verbose_name='进入阶段时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('reason', models.CharField(blank=True, choices=[('unsuitable', '不符合岗位要求'), ('papers', '资料不全或不实'), ('interview', '面试未通过'), ('training', '培训未通过'), ('unreachable', '多次联系不上'), ('duplicate', '重复报名'), ('no_need', '目前没有合适的岗位'), ('other', '其他')], max_length=12, verbose_name='未录用原因')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('duplicate', models.CharField(blank=True, choices=[('', '否'), ('possible', '可能重复'), ('apart', '不是同一人'), ('merged', '已合并')], default='', max_length=8, verbose_name='重复')),
                ('consented_at', models.DateTimeField(blank=True, null=True, verbose_name='同意隐私说明')),
                ('consent_version', models.PositiveSmallIntegerField(default=0, verbose_name='条款版本')),
                ('nonce', models.CharField(default=workers.models.applications.new_nonce, editable=False, max_length=64, unique=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='清除时间')),
                ('city', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.city', verbose_name='城市')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='workers.application', verbose_name='合并到')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='负责人')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='workers.worker', verbose_name='员工')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='workers.partner', verbose_name='渠道')),
            ],
            options={
                'verbose_name': '报名',
                'verbose_name_plural': '报名',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Interview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('phone', '电话'), ('video', '视频'), ('on_site', '到面试地点')], default='phone', max_length=7, verbose_name='方式')),
                ('start_at', models.DateTimeField(verbose_name='时间')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='地点、电话或会议链接')),
                ('planned_at', models.DateTimeField(verbose_name='安排时间')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='interview', to='workers.application')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '面试',
                'verbose_name_plural': '面试',
            },
        ),
        migrations.CreateModel(
            name='InterviewSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='评语')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='workers.application')),
                ('interviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '面试评分表',
                'verbose_name_plural': '面试评分表',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='InterviewScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('skill', models.CharField(choices=[('logic', '逻辑思维'), ('empathy', '同理心'), ('multitasking', '多任务处理'), ('communication', '沟通表达'), ('emotion', '情绪管理'), ('time', '时间管理'), ('adaptability', '适应能力')], max_length=14, verbose_name='软技能')),
                ('grade', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='等级')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='workers.interviewsheet')),
            ],
            options={
                'verbose_name': '面试评分',
                'verbose_name_plural': '面试评分',
            },
        ),
        migrations.AddField(
            model_name='worker',
            name='partner',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='workers', to='workers.partner', verbose_name='渠道'),
        ),
        migrations.AddConstraint(
            model_name='rubricgrade',
            constraint=models.UniqueConstraint(fields=('skill', 'grade'), name='one_text_a_grade'),
        ),
        migrations.AddConstraint(
            model_name='interviewsheet',
            constraint=models.UniqueConstraint(fields=('application', 'interviewer'), name='one_sheet_an_interviewer'),
        ),
        migrations.AddConstraint(
            model_name='interviewscore',
            constraint=models.UniqueConstraint(fields=('sheet', 'skill'), name='one_score_a_soft_skill'),
        ),
        migrations.AddConstraint(
            model_name='interviewscore',
            constraint=models.CheckConstraint(condition=models.Q(('grade__range', (1, 5))), name='score_in_range'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['status', 'due_at'], name='application_due'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('erased_at', None)), fields=['closed_at'], name='application_to_forget'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['applied', 'documents', 'interview', 'training'])), fields=('phone', 'source', 'partner'), name='one_open_application_a_way', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('duplicate', ''), ('status__in', ['applied', 'documents', 'interview', 'training'])), fields=('phone',), name='one_clear_application_a_phone'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'active'), ('worker', None), _negated=True), name='active_has_worker'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('status', 'rejected'), _negated=True), name='rejected_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), ('status', 'merged'), ('worker', None), _negated=True), name='merged_has_target'),
        ),
    ]
